"""The compose file of a cluster, held against what the program knows; Docker Compose reads it where that is there."""

import json
import re
import shutil
import subprocess
import urllib.request
from itertools import chain
from pathlib import Path

import pytest

from bot.settings import BotSettings
from bot.sharding import shards_of
from index.cli import parser, sharing
from index.settings import IndexSettings
from tests.opensearch import cluster
from tests.storage.stores import CLUSTER, needs_cluster

ROOT = Path(__file__).parents[2]
FILE = ROOT / "compose.cluster.yaml"
TEXT = FILE.read_text()
NODES = {f"node{number}" for number in cluster.NODES}


def services():
    """The lines of each service."""
    section = re.search(r"^services:\n(.*?)^\w", TEXT, re.MULTILINE | re.DOTALL)[1]
    return dict(re.findall(r"^  (\w+):\n((?:    .*\n)+)", section, re.MULTILINE))


def named(setting):
    """What a setting of the nodes lists."""
    return set(re.search(rf"^    {re.escape(setting)}: (.+)$", TEXT, re.MULTILINE)[1].split(","))


def told(pattern):
    """What each service says that the pattern finds."""
    found = (re.search(pattern, lines) for lines in services().values())
    return [match[1] for match in found if match]


def test_it_names_only_settings_that_there_are():
    known = {f"ONRECORD_{name.upper()}" for kind in (BotSettings, IndexSettings) for name in kind.model_fields}
    assert {"ONRECORD_ENGINE", "ONRECORD_OPENSEARCH_URLS", "ONRECORD_SHARDS"} <= set(
        re.findall(r"\bONRECORD_[A-Z_]+\b", TEXT)
    )
    assert set(re.findall(r"\bONRECORD_[A-Z_]+\b", TEXT)) <= known


def test_the_nodes_look_for_each_other_and_the_program_for_all_of_them():
    assert {name for name, lines in services().items() if "<<: *node" in lines} == NODES
    assert set(told(r"node\.name: (\w+)")) == NODES
    assert named("discovery.seed_hosts") == named("cluster.initial_cluster_manager_nodes") == NODES
    assert named("ONRECORD_OPENSEARCH_URLS") == {f"http://{node}:9200" for node in NODES}
    assert f"wait_for_nodes={len(NODES)}&" in TEXT
    assert re.search(r"image: opensearchproject/opensearch:(\S+)", TEXT)[1] == cluster.NEWEST  # what tests run on


def test_the_indexers_commands_are_the_programs_and_share_everything_among_them():
    commands = told(r"command: onrecord (.+)")
    given = [parser().parse_args(command.split()) for command in commands]
    assert all(each.run is sharing.ingest and each.sources == ["/articles"] for each in given)
    assert sorted(each.shard for each in given) == [(n, len(given)) for n in range(len(given))]


def test_the_bots_hold_every_connection_to_discord_once():
    shards = [shards_of(setting) for setting in told(r"ONRECORD_SHARDS: (\S+)\}")]
    assert {each["shard_count"] for each in shards} == {len(shards)} == {2}
    assert sorted(chain(*(each["shard_ids"] for each in shards))) == [0, 1]


def test_every_service_keeps_its_own_volume_where_its_image_keeps_things():
    volumes = {name: re.findall(r"[\"' ](\w+):(/[\w/]+)", lines) for name, lines in services().items()}
    ours = re.search(r"^ +ONRECORD_HOME: (\S+)$", TEXT, re.MULTILINE)[1]
    assert f"ONRECORD_HOME={ours} " in (ROOT / "Dockerfile").read_text()
    for name, kept in volumes.items():
        assert kept == [(name, "/usr/share/opensearch/data" if name in NODES else ours)]
    declared = TEXT.partition("\nvolumes:\n")[2]
    assert set(re.findall(r"^  (\w+):$", declared, re.MULTILINE)) == set(volumes)


@pytest.mark.opensearch
@needs_cluster
def test_what_the_nodes_are_asked_whether_they_are_well_is_answered():
    path = re.search(r"localhost:9200(/\S+)\"", TEXT)[1]
    with urllib.request.urlopen(CLUSTER.split(",")[0] + path, timeout=30) as answer:
        assert json.load(answer)["number_of_nodes"] == len(NODES)


def test_docker_compose_can_read_it(tmp_path):
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("needs docker-compose, which reads the file as whoever starts it would")
    (tmp_path / ".env").touch()
    for name in ("compose.yaml", "compose.cluster.yaml"):
        (tmp_path / name).write_text((ROOT / name).read_text())
        command = [program, "--file", tmp_path / name, "config", "--format", "json"]
        read = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert (read.returncode, read.stderr) == (0, "")
    found = json.loads(read.stdout)["services"]
    assert set(found) == set(services())
    for name in NODES:
        assert found[name]["environment"]["node.name"] == name
        assert found[name]["environment"]["cluster.name"] == "onrecord"
    for name in ("bot1", "bot2", "indexer1", "indexer2"):
        assert found[name]["environment"]["ONRECORD_ENGINE"] == "opensearch"
        assert found[name]["read_only"] is True
