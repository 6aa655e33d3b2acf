"""Groups of xdist under pytest 9.2: xdist 3.8 writes the group behind `_nodeid`, which pytest no longer reads.

Without this, `--dist loadgroup` spreads the tests of a group over all workers, and each makes what they share.
"""

import pytest
from _pytest.nodeid import coerce_node_id


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take over the names that xdist gave; nothing where it gave none."""
    for item in items:
        named = item.__dict__.get("_nodeid")
        if named is not None:
            item._id = coerce_node_id(named)
