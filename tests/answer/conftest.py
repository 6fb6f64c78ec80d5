import pytest

from tests.answer.builders import a_library


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    return a_library(tmp_path_factory.mktemp("library"))
