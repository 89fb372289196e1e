"""What operators see, and what they must not."""

import re

from tests.pipeline.works import NOA, Works, garbage, said

LABELS = re.compile(r'(\w+)="([^"]*)"')
KNOWN = {"platform", "outcome", "cause", "error", "queue", "data", "state", "le"}


async def test_no_figure_names_a_person(works: Works) -> None:
    """After a whole conversation there is no id of anybody's in any label."""
    await works.receive(said("/start"), said("a secret"), garbage())
    await works.settle()
    await works.retention.sweep()
    await works.ticker.measure()
    text = works.ground.metrics.render().decode()
    labels = LABELS.findall(text)
    person = await works.meet()

    assert {name for name, _ in labels} <= KNOWN
    assert all(re.fullmatch(r"[a-zA-Z_]+", value) for name, value in labels if name != "le")
    for secret in (str(NOA), str(person.person.id), str(person.addresses[0].id), "secret", "Noa"):
        assert secret not in text


async def test_the_figures_of_a_conversation_are_there(works: Works) -> None:
    """Received, handled, sent, and how the databases work."""
    await works.receive(said("/start"))
    await works.settle()
    await works.ticker.measure()
    works.ground.metrics.polled("telegram", 3.5)

    for line in (
        'bot_updates_received_total{platform="telegram"} 1.0',
        "bot_turns_total 1.0",
        "bot_batch_seconds_count 1.0",
        'bot_sends_total{outcome="sent",platform="telegram"} 3.0',
        "bot_reply_seconds_count 3.0",
        'bot_poll_age_seconds{platform="telegram"} 3.5',
        f"bot_sql_statements {float(works.db.statements)}",
    ):
        assert works.metric(line), line
