import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.storage.stores import PARAMETERS, STORES, drop_cluster

MEMORY = Path("/dev/shm")  # where flushing a file costs nothing, on machines that have it


@pytest.fixture(params=PARAMETERS)
def kept(request):
    return STORES[request.param]


@pytest.fixture
def place(tmp_path):
    """A folder of the test's own."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="onrecord-test-", dir=MEMORY))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home(place):
    return place / "library"


@pytest.fixture
def store(kept, home):
    opened = kept.open(home)
    yield opened
    opened.close()
    if kept is STORES["opensearch"]:
        drop_cluster(home)


@pytest.fixture
def reopened(kept, home, store):
    """Another process's view, as near as one process comes to it: the same folder opened once more."""
    opened = kept.open(home)
    yield opened
    opened.close()
