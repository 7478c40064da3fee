"""Routes are read in both languages; two that differ stay two."""

import pytest

from engine.safety.routes import route_words


@pytest.mark.parametrize(
    ("text", "routes"),
    [
        ("500 mg po", {"oral"}),
        ("by mouth or p.o.", {"oral"}),
        ("口服", {"oral"}),
        ("i.v. or orally", {"intravenous", "oral"}),
        ("雾化吸入", {"nebulised"}),
        ("舌下含服", {"sublingual"}),
        ("into the ear", {"otic"}),
        ("apo", set()),
    ],
)
def test_route_words(text: str, routes: set[str]) -> None:
    found, rest = route_words(text)
    assert found == routes
    assert not route_words(rest)[0]
