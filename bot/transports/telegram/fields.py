"""The parts of parsed JSON, or the one error of the port where they have another shape. Pure; for `update`."""

from collections.abc import Mapping

Fields = Mapping[str, object]


def object_of(value: object) -> Fields:
    """The value, which has to be an object. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError("The update lacks an object where one belongs")  # noqa: TRY004  the port's one error
    return value


def number_in(fields: Fields, name: str) -> str:
    """A whole number, as text. Raises ValueError."""
    value = fields.get(name)
    if type(value) is not int:  # a bool is an int to isinstance
        raise ValueError(f"The update has no number in {name}")
    return str(value)
