"""Starts and stops a real OpenSearch cluster of three nodes on loopback, each a process of its own.

cluster.py start | stop | status | urls | kill NODE | restart NODE      (make opensearch, make opensearch-stop)

Everything comes from Maven Central through mvn; nothing is built and no binary is kept in the repository. Node 1
listens for HTTP at 127.0.0.1:19201, node 2 at 19202, node 3 at 19203. `HOME_FOLDER` holds data and logs.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
HOME_FOLDER = Path(os.environ.get("ONRECORD_TEST_CLUSTER", HERE.parent.parent / ".opensearch")).absolute()
NODES = (1, 2, 3)
HEAP = os.environ.get("ONRECORD_TEST_CLUSTER_HEAP", "1g")
NEWEST, FOR_JAVA_17 = "3.3.0", "2.19.3"
VERSION = os.environ.get("ONRECORD_TEST_CLUSTER_VERSION", "")  # of OpenSearch; by that of Java where none is named
TRIES = 3


class NotToBeHad(Exception):
    """The cluster can't be started here; the message says what is missing and what to do."""


def url(node: int) -> str:
    return f"http://127.0.0.1:{19200 + node}"


URLS = ",".join(url(node) for node in NODES)


# ---------------------------------------------------------------------------------------------------------------
# What it needs


def java() -> tuple[Path, int]:
    """The newest Java at hand that runs the version of OpenSearch, and its version."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += Path("/usr/lib/jvm").glob("*")
    found: dict[int, Path] = {}
    for home in homes:
        if (home / "bin" / "javac").exists():
            said = subprocess.run([home / "bin" / "java", "-version"], capture_output=True, text=True, check=False)
            if version := re.search(r'version "(\d+)', said.stderr):
                found[int(version[1])] = home / "bin" / "java"
    if path := shutil.which("javac"):
        said = subprocess.run([path, "-version"], capture_output=True, text=True, check=False)
        if version := re.search(r"javac (\d+)", said.stdout + said.stderr):
            found.setdefault(int(version[1]), Path(path).parent / "java")
    newest = max((each for each in found if not VERSION.startswith("2.") or each <= 21), default=0)
    if newest < 17:
        raise NotToBeHad("The test cluster needs a JDK, 21 or newer (or 17): on Debian, apt install openjdk-17-jdk.")
    return found[newest], newest


def class_path(version: str) -> str:
    """The jars of OpenSearch, fetched into mvn's own store where they are not there yet."""
    kept = HOME_FOLDER / f"classpath-{version}"
    if kept.exists() and all(Path(jar).exists() for jar in kept.read_text().split(":")):
        return kept.read_text()
    if not shutil.which("mvn"):
        raise NotToBeHad("The test cluster needs mvn: on Debian, apt install maven.")
    command = ["mvn", "-B", "-q", "-f", str(HERE / "pom.xml"), f"-Dopensearch={version}"]
    command += ["dependency:build-classpath", f"-Dmdep.outputFile={kept}"]
    for attempt in range(1, TRIES + 1):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode == 0 and kept.exists():
            return kept.read_text()
        print(f"mvn did not bring OpenSearch {version} (try {attempt} of {TRIES})", file=sys.stderr)
        time.sleep(5 * attempt)
    raise NotToBeHad(f"OpenSearch {version} could not be fetched from Maven Central:\n{done.stdout[-2000:]}")


# ---------------------------------------------------------------------------------------------------------------
# Nodes


def folder(node: int) -> Path:
    return HOME_FOLDER / f"node{node}"


def pid(node: int) -> int | None:
    """The node's process, None when it does not run."""
    try:
        number = int((folder(node) / "pid").read_text())
        command = Path(f"/proc/{number}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return number if b"OneNode" in command and str(folder(node)).encode() in command else None


def launch(node: int) -> None:
    """Starts one node, where it does not run already."""
    if pid(node) is not None:
        return
    program, version = java()
    opensearch = VERSION or (NEWEST if version >= 21 else FOR_JAVA_17)
    jars = class_path(opensearch)
    home = folder(node)
    (home / "config").mkdir(parents=True, exist_ok=True)
    others = ",".join(f"127.0.0.1:{19300 + each}" for each in NODES)
    settings = {
        "cluster.name": "onrecord-test",
        "node.name": f"node{node}",
        "network.host": "127.0.0.1",
        "http.port": str(19200 + node),
        "transport.port": str(19300 + node),
        "discovery.seed_hosts": others,
        "cluster.initial_cluster_manager_nodes": ",".join(f"node{each}" for each in NODES),
        "path.data": str(home / "data"),
        "path.logs": str(home / "logs"),
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        "cluster.max_shards_per_node": "5000",
        "action.auto_create_index": "false",
        "action.destructive_requires_name": "true",
        "cluster.routing.rebalance.enable": "none",  # tests make and drop many small indices
        "node.processors": "2",
        "cluster.fault_detection.follower_check.timeout": "3s",
        "cluster.fault_detection.leader_check.timeout": "3s",
    }
    command = [str(program), f"-Xms{HEAP}", f"-Xmx{HEAP}", "-XX:+UseG1GC", "-XX:G1ReservePercent=25"]
    command += ["-XX:InitiatingHeapOccupancyPercent=30"]
    command += [f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}", "-Djava.awt.headless=true"]
    if version >= 21:
        command += ["--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"]
    command += ["-cp", jars, str(HERE / program_of(opensearch)), str(home)]
    command += [f"{name}={value}" for name, value in settings.items()]
    with (home / "output").open("a") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True
        )
    (home / "pid").write_text(str(process.pid))
    process.returncode = 0  # it outlives whoever started it


def program_of(version: str) -> str:
    """What runs a node of that version of OpenSearch."""
    return "OneNodeOf2.java" if version.startswith("2.") else "OneNode.java"


def stop(node: int, *, by: signal.Signals = signal.SIGTERM) -> None:
    """Ends one node and waits until it has gone."""
    number = pid(node)
    if number is None:
        return
    os.kill(number, by)
    for _ in range(300):
        if pid(node) is None:
            return
        time.sleep(0.1)
    os.kill(number, signal.SIGKILL)


def health(node: int = 1, *, wait: str = "") -> dict[str, object] | None:
    """What the node says of the cluster; None when it does not answer."""
    try:
        with urllib.request.urlopen(f"{url(node)}/_cluster/health{wait}", timeout=15) as answer:
            return json.load(answer)
    except (OSError, ValueError, urllib.error.HTTPError):
        return None


def wait_for(nodes: int = len(NODES), *, seconds: float = 480, at: int = 1) -> dict[str, object]:
    """Waits until so many nodes are one cluster and every index has all its copies."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = health(at, wait=f"?wait_for_nodes={nodes}&wait_for_status=green&timeout=5s")
        if found and found["number_of_nodes"] == nodes and found["status"] == "green":
            return found
        if not any(pid(node) for node in NODES):
            break
        time.sleep(0.5)
    tails = [(folder(node) / "output").read_text()[-1500:] for node in NODES if (folder(node) / "output").exists()]
    raise NotToBeHad("The cluster did not become green:\n" + "\n".join(tails))


def start() -> None:
    """Starts all nodes and waits until the cluster is green; nothing happens where it runs already."""
    for node in NODES:
        launch(node)
    found = wait_for()
    print(f"OpenSearch is {found['status']} with {found['number_of_nodes']} nodes: {URLS}")


def main(arguments: list[str]) -> int:
    what = arguments[0] if arguments else "status"
    try:
        if what == "start":
            HOME_FOLDER.mkdir(parents=True, exist_ok=True)
            start()
        elif what == "stop":
            for node in NODES:
                stop(node)
        elif what == "urls":
            print(URLS)
        elif what == "kill":
            stop(int(arguments[1]), by=signal.SIGKILL)
        elif what == "restart":
            launch(int(arguments[1]))
        else:
            print(next((found for node in NODES if (found := health(node))), "no node answers"))
    except NotToBeHad as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
