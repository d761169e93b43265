"""The manifests in deploy/kubernetes, as far as they can be tried without a cluster.

Read: that all they name exists, here or in each other. Built by kustomize where that is installed, with and without the
components, and what is built validated against Kubernetes' schemas. Nothing here shows that a cluster takes them.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from kdweb.environment import BASE_DIR
from kdweb.management.commands.run import PARTS, SCHEDULER

ROOT = BASE_DIR / "deploy/kubernetes"
BASE = ROOT / "base"
OVERLAYS = sorted(path for path in (ROOT / "overlays").iterdir())
COMPONENTS = tuple(sorted(path.name for path in (ROOT / "components").iterdir()))
WORKLOADS = ("Deployment", "StatefulSet", "Job")
URL_OF_METRICS = "/metrics"
# Kinds that an operator brings to a cluster; Kubernetes has no schemas of them.
OPERATORS = ("monitoring.coreos.com",)
Manifest = dict[str, Any]


def kustomization(folder: Path) -> Manifest:
    return dict(yaml.safe_load((folder / "kustomization.yaml").read_text()))


def manifests(folder: Path) -> Iterator[Manifest]:
    """All that an overlay or the base consists of, before patches."""
    for name in kustomization(folder)["resources"]:
        path = folder / name
        if path.is_dir():
            yield from manifests(path)
        else:
            yield from yaml.safe_load_all(path.read_text())


def of(kind: str, folder: Path) -> dict[str, Manifest]:
    return {found["metadata"]["name"]: found for found in manifests(folder) if found["kind"] == kind}


def pods(folder: Path) -> dict[str, Manifest]:
    """The template of each workload by its name."""
    workloads = (found for found in manifests(folder) if found["kind"] in WORKLOADS)
    return {found["metadata"]["name"]: found["spec"]["template"] for found in workloads}


def ours() -> dict[str, Manifest]:
    return {name: pod["spec"]["containers"][0] for name, pod in pods(BASE).items()}


def settings() -> dict[str, str]:
    lines = (BASE / "settings.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


overlays = pytest.mark.parametrize("folder", OVERLAYS, ids=lambda path: path.name)


def test_every_file_is_part_of_the_whole() -> None:
    for folder in (BASE, *OVERLAYS):
        files = {path.name for path in folder.iterdir()} - {"kustomization.yaml", "settings.env"}
        assert files == {name for name in kustomization(folder)["resources"] if "/" not in name}


def test_settings_are_variables_that_the_documentation_lists() -> None:
    told = (BASE_DIR / "docs/operation.md").read_text()
    for name in settings():
        assert f"`{name.removesuffix('_FILE')}`" in told, name


def test_secrets_are_named_and_never_held() -> None:
    for name, value in settings().items():
        if re.search("SECRET_KEY|_URL", name):
            assert name.endswith("_FILE")
            assert value.startswith("/run/secrets/kdweb/")
    for folder in OVERLAYS:
        assert not of("Secret", folder)


def test_each_process_runs_once_and_is_a_command_of_ours() -> None:
    started = []
    for container in ours().values():
        python, manage, name, *options = container["command"]
        assert (python, manage) == ("python", "manage.py")
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        parsed = parser.parse_args(options)
        if name == "run":
            started.append(parsed.only)
            assert parsed.without_scheduler == (parsed.only == "default")
    assert sorted(started) == sorted((*PARTS, SCHEDULER))
    deployments = of("Deployment", BASE)
    assert deployments["kdweb-scheduler"]["spec"]["replicas"] == 1
    # An old version's processes end before those of a new one begin.
    assert {found["spec"]["strategy"]["type"] for found in deployments.values()} == {"Recreate"}


def test_the_web_is_probed_where_it_listens() -> None:
    web = ours()["kdweb-web"]
    (port,) = web["ports"]
    assert port["containerPort"] == 8000
    probes = {name: probe["httpGet"] for name, probe in web.items() if name.endswith("Probe")}
    assert {name: probe["path"] for name, probe in probes.items()} == {
        "startupProbe": "/healthz",
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
    }
    assert {probe["port"] for probe in probes.values()} == {port["name"]}


@overlays
def test_selectors_find_their_pods_and_names_their_things(folder: Path) -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in pods(folder).items()}

    def found(selector: dict[str, str]) -> list[str]:
        return [name for name, held in labels.items() if selector.items() <= held.items()]

    for kind in ("Deployment", "StatefulSet"):
        for name, workload in of(kind, folder).items():
            assert found(workload["spec"]["selector"]["matchLabels"]) == [name]
    for name, service in of("Service", folder).items():
        (pod,) = found(service["spec"]["selector"])
        ports = {port["name"] for port in pods(folder)[pod]["spec"]["containers"][0]["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports, name
    for budget in of("PodDisruptionBudget", folder).values():
        assert len(found(budget["spec"]["selector"]["matchLabels"])) == 1
    for scaler in of("HorizontalPodAutoscaler", folder).values():
        assert scaler["spec"]["scaleTargetRef"]["name"] in of("Deployment", folder)
    for ingress in of("Ingress", folder).values():
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                ports = of("Service", folder)[backend["name"]]["spec"]["ports"]
                assert backend["port"]["name"] in {port["name"] for port in ports}
            assert rule["host"] in settings()["ALLOWED_HOSTS"].split(",")


@overlays
def test_volumes_are_claimed_and_mounted(folder: Path) -> None:
    claims = set(of("PersistentVolumeClaim", folder))
    made = {one["name"] for one in kustomization(BASE)["configMapGenerator"]}
    for name, pod in pods(folder).items():
        volumes = {volume["name"]: volume for volume in pod["spec"].get("volumes", ())}
        workload = of("StatefulSet", folder).get(name, {"spec": {}})["spec"]
        templates = {one["metadata"]["name"] for one in workload.get("volumeClaimTemplates", ())}
        (container,) = pod["spec"]["containers"]
        assert {mount["name"] for mount in container["volumeMounts"]} == set(volumes) | templates, name
        for volume in volumes.values():
            assert volume.get("persistentVolumeClaim", {"claimName": "kdweb-data"})["claimName"] in claims
        for source in container.get("envFrom", ()):
            assert source.get("configMapRef", {"name": "kdweb"})["name"] in made


@overlays
def test_nobody_is_root_or_writes_beside_the_volumes(folder: Path) -> None:
    for pod in pods(folder).values():
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert pod["spec"]["securityContext"]["runAsNonRoot"]
        assert pod["spec"]["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
        (container,) = pod["spec"]["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}
        assert "memory" in container["resources"]["limits"]


def test_the_user_is_that_of_the_image() -> None:
    user = re.search(r"useradd --uid (\d+)", (BASE_DIR / "Dockerfile").read_text())
    assert user
    assert {pod["spec"]["securityContext"]["runAsUser"] for pod in pods(BASE).values()} == {int(user[1])}


def changes(folder: Path) -> Iterator[tuple[Manifest, Manifest]]:
    """Each manifest that a patch is for, with each of its changes."""
    for patch in kustomization(folder)["patches"]:
        named = of(patch["target"]["kind"], folder)
        for name in [patch["target"]["name"]] if "name" in patch["target"] else named:
            for change in yaml.safe_load(patch["patch"]):
                yield named[name], change


@pytest.mark.parametrize("folder", [BASE, *OVERLAYS], ids=lambda path: path.name)
def test_patches_change_what_is_there(folder: Path) -> None:
    for manifest, change in changes(folder):
        *way, last = change["path"].strip("/").split("/")
        holder = manifest
        for step in way:
            holder = holder[step]
        assert (last in holder) == (change["op"] != "add"), change


def test_every_process_waits_for_its_tables_as_it_runs_itself() -> None:
    waiting = set()
    for manifest, change in changes(BASE):
        (check,) = change["value"]
        (container,) = manifest["spec"]["template"]["spec"]["containers"]
        assert check["command"][:4] == ["python", "manage.py", "migrate", "--check"]
        for key in ("image", "env", "securityContext", "volumeMounts"):
            assert check[key] == container[key]
        waiting.add(manifest["metadata"]["name"])
    assert waiting == set(of("Deployment", BASE))


def test_only_the_shared_folder_is_written_by_many() -> None:
    assert of("PersistentVolumeClaim", BASE)["kdweb-data"]["spec"]["accessModes"] == ["ReadWriteMany"]


def test_with_an_object_store_no_folder_is_shared() -> None:
    component = kustomization(ROOT / "components/object-store")
    assert component["kind"] == "Component"
    for pod in pods(BASE).values():
        # What the component puts another one in the place of.
        assert pod["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"] == "kdweb-data"
    told = [patch["target"] for patch in component["patches"]]
    assert {target["kind"] for target in told} == {"PersistentVolumeClaim", "Deployment", "Job"}


def build() -> list[str] | None:
    """The command that builds a folder: kustomize, which is also a part of kubectl."""
    if kustomize := shutil.which("kustomize"):
        return [kustomize, "build"]
    kubectl = shutil.which("kubectl")
    return [kubectl, "kustomize"] if kubectl else None


@pytest.mark.skipif(build() is None, reason="neither kustomize nor kubectl is installed")
@pytest.mark.parametrize("added", [(), *((component,) for component in COMPONENTS), COMPONENTS], ids="+".join)
@overlays
class TestBuilt:
    @pytest.fixture
    def found(self, tmp_path: Path, folder: Path, added: tuple[str, ...]) -> list[Manifest]:
        """What kustomize makes of an overlay to which components are added as docs/deployment.md says."""
        copy = shutil.copytree(ROOT, tmp_path / "kubernetes") / "overlays" / folder.name
        with (copy / "kustomization.yaml").open("a") as file:
            file.write(f"components: {[f'../../components/{name}' for name in added]}\n")
        done = subprocess.run([*(build() or ()), copy], check=True, capture_output=True, text=True)
        return list(yaml.safe_load_all(done.stdout))

    def test_all_is_there_with_what_components_change(
        self, found: list[Manifest], folder: Path, added: tuple[str, ...]
    ) -> None:
        kinds = {(each["kind"], each["metadata"]["name"]) for each in found}
        expected = {(each["kind"], each["metadata"]["name"]) for each in manifests(folder)}
        if "object-store" in added:
            expected.remove(("PersistentVolumeClaim", "kdweb-data"))
        if "monitoring" in added:
            expected.add(("PodMonitor", "kdweb-web"))
        assert {kind for kind in kinds if kind[0] != "ConfigMap"} == expected
        [settings] = [each["data"] for each in found if each["kind"] == "ConfigMap"]
        assert ("KD_METRICS_TOKEN_FILE" in settings) == ("monitoring" in added)
        assert "ALLOWED_HOSTS" in settings

    def test_metrics_are_asked_of_each_web_pod(self, found: list[Manifest], added: tuple[str, ...]) -> None:
        pods = {
            each["metadata"]["name"]: each["spec"]["template"]
            for each in found
            if each["kind"] in WORKLOADS and each["metadata"]["name"].startswith("kdweb")
        }
        for monitor in (each for each in found if each["kind"] == "PodMonitor"):
            selector = monitor["spec"]["selector"]["matchLabels"].items()
            assert [name for name, pod in pods.items() if selector <= pod["metadata"]["labels"].items()] == [
                "kdweb-web"
            ]
            [asked] = monitor["spec"]["podMetricsEndpoints"]
            assert asked["path"] == URL_OF_METRICS
            assert asked["port"] in {port["name"] for port in pods["kdweb-web"]["spec"]["containers"][0]["ports"]}
            held = asked["authorization"]["credentials"]
            secret = pods["kdweb-web"]["spec"]["volumes"][-1]["secret"]["secretName"]
            [settings] = [each["data"] for each in found if each["kind"] == "ConfigMap"]
            assert (held["name"], f"/run/secrets/kdweb/{held['key']}") == (secret, settings["KD_METRICS_TOKEN_FILE"])

    @pytest.mark.skipif(
        not importlib.util.find_spec("kubernetes_validate"), reason="kubernetes-validate is not installed"
    )
    def test_kubernetes_knows_every_key(self, found: list[Manifest]) -> None:
        import kubernetes_validate  # type: ignore[import-not-found, unused-ignore]

        for manifest in found:
            if manifest["apiVersion"].split("/")[0] not in OPERATORS:
                kubernetes_validate.validate(manifest, "1.31", strict=True)
