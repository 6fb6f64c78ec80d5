import pytest

from tests.storage.stores import STORES


@pytest.fixture(params=STORES)
def kept(request):
    return STORES[request.param]


@pytest.fixture
def home(tmp_path):
    return tmp_path / "library"


@pytest.fixture
def store(kept, home):
    opened = kept.open(home)
    yield opened
    opened.close()


@pytest.fixture
def reopened(kept, home, store):
    """Another process's view, as near as one process comes to it: the same folder opened once more."""
    opened = kept.open(home)
    yield opened
    opened.close()
