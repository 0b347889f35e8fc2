"""Settings: every fault at once, and secrets that never show."""

import json
import pickle
from pathlib import Path

import msgspec
import pytest

from entrypoints.settings import BadSettings, Environment, Secret, Settings, example_file, gather, load_settings
from entrypoints.settings.loading import all_settings

SEED = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"
GOOD = {
    "USHER_DATABASE_URL": "postgresql://usher:hunter2@db:5432/usher",
    "USHER_REDIS_URL": "redis://:hunter2@redis:6379/0",
    "USHER_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "USHER_TOKEN_KEY": SEED,
}


def settings(**changes: str) -> Settings:
    return load_settings(GOOD | {f"USHER_{name.upper()}": value for name, value in changes.items()})


def faults(**changes: str) -> dict[str, str]:
    with pytest.raises(BadSettings) as caught:
        settings(**changes)
    return {fault.name: str(fault) for fault in caught.value.faults}


def test_needs_only_servers_and_keys():
    assert settings().port == 8000
    assert settings().env is Environment.DEV


def test_names_every_missing_setting_at_once():
    with pytest.raises(BadSettings) as caught:
        load_settings({})

    assert {fault.name for fault in caught.value.faults} == set(GOOD)
    assert "4 settings need attention" in str(caught.value)


def test_says_what_is_wrong_what_is_expected_and_gives_an_example():
    message = faults(port="80a")["USHER_PORT"]

    assert "'80a'" in message
    assert "a whole number from 1 to 65535" in message
    assert "USHER_PORT=8000" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("env", "prod"),
        ("port", "0"),
        ("port", "65536"),
        ("public_url", "usher.example.com"),
        ("public_url", "https://usher.example.com/"),
        ("database_url", "mysql://host/db"),
        ("database_url", "postgresql:///db"),
        ("redis_url", "http://redis"),
        ("redis_url", "redis://host:port"),
        ("secret_key", "short"),
        ("secret_key", "a" * 64),
        ("token_key", "AAAA"),
        ("token_key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
        ("token_key", "not base64 at all!"),
        ("trusted_proxies", "10.0.0.0/8,nonsense"),
        ("drafter_chain", "built_in,gpt"),
        ("lease_seconds", "0"),
        ("lease_seconds", "nan"),
        ("log_level", "loud"),
        ("fail_at", "nowhere"),
    ],
)
def test_refuses_values_that_cannot_be_meant(name, value):
    assert f"USHER_{name.upper()}" in faults(**{name: value})


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("fail_at", {"fail_at": "after_claim"}),
        ("database_pool_smallest", {"database_pool_smallest": "20"}),
        ("anthropic_api_key", {"drafter_chain": "anthropic,built_in"}),
        ("drafter_chain", {"drafter_chain": "built_in,built_in"}),
        ("public_url", {"env": "production"}),
    ],
)
def test_refuses_settings_that_contradict_each_other(field, changes):
    assert f"USHER_{field.upper()}" in faults(**changes)


def test_reads_lists_with_commas():
    assert settings(trusted_proxies="10.0.0.0/8, 192.168.1.7").trusted_proxies == ("10.0.0.0/8", "192.168.1.7")
    assert settings(trusted_proxies="::1").trusted_proxies == ("::1",)


def test_allows_fail_points_in_tests_only():
    assert settings(env="test", fail_at="after_claim").fail_at == "after_claim"


def test_reads_a_pem_key_and_its_seed_alike():
    pem = (
        "-----BEGIN PRIVATE KEY-----\n"
        "MC4CAQAwBQYDK2VwBCIEIDAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVm\n"
        "-----END PRIVATE KEY-----\n"
    )

    assert settings(token_key=pem).token_seed == settings().token_seed == b"0123456789abcdef" * 2


def test_never_shows_secrets():
    shown = f"{settings()!r} {settings()!s} {settings().database_url} {settings().secret_key:}"

    assert "hunter2" not in shown
    assert SEED not in shown
    for dump in (pickle.dumps, msgspec.json.encode, json.dumps):
        with pytest.raises(TypeError):
            dump(settings().secret_key)


def test_masks_secrets_in_faults():
    message = faults(database_url="mysql://usher:hunter2@db/usher")["USHER_DATABASE_URL"]

    assert "hunter2" not in message
    assert "******** (30 characters)" in message


def test_falls_back_to_the_one_database_url():
    assert settings().owner_url == settings().operator_url == GOOD["USHER_DATABASE_URL"]
    assert settings(owner_database_url="postgresql://owner@db/usher").owner_url == "postgresql://owner@db/usher"


def test_reads_a_value_from_a_file(tmp_path):
    (tmp_path / "key").write_text(GOOD["USHER_SECRET_KEY"] + "\n")
    values = {name: value for name, value in GOOD.items() if name != "USHER_SECRET_KEY"}

    loaded = load_settings(values | {"USHER_SECRET_KEY_FILE": str(tmp_path / "key")})

    assert loaded.secret_key == Secret(GOOD["USHER_SECRET_KEY"])


def test_refuses_a_value_and_a_file_together_and_a_file_that_is_not_there():
    assert "not both" in faults(secret_key_file="/nowhere")["USHER_SECRET_KEY_FILE"]
    assert "a readable file" in faults(port_file="/nowhere")["USHER_PORT_FILE"]


def test_points_out_a_misspelt_name_and_leaves_foreign_ones_alone():
    assert "USHER_WORKER_THREADS, perhaps" in faults(worker_thread="4")["USHER_WORKER_THREAD"]
    assert settings(ci="1").port == 8000


def test_prefers_the_environment_to_files_and_ignores_empty_values(tmp_path):
    (tmp_path / ".env").write_text("USHER_PORT=1111\nUSHER_HOST='::1'\nOTHER=1\n")
    (tmp_path / "keys").write_text("USHER_PORT=2222\nUSHER_LOG_LEVEL=debug\n")

    values = gather({"USHER_PORT": "3333", "USHER_HOST": ""}, tmp_path / ".env", tmp_path / "keys", tmp_path / "none")

    assert values == {"USHER_PORT": "3333", "USHER_LOG_LEVEL": "debug"}


def test_gives_an_example_for_each_setting_that_would_do():
    for setting in all_settings():
        if not setting.example.startswith(("(", "sk-")) and setting.field.name not in {
            "env",
            "fail_at",
            "drafter_chain",
        }:
            settings(**{setting.field.name: setting.example})


def test_keeps_the_example_file_fresh():
    committed = Path(__file__).resolve().parents[2] / ".env.example"

    assert committed.read_text() == example_file()


def test_an_example_file_copied_as_it_is_changes_nothing(tmp_path):
    (tmp_path / ".env").write_text(example_file())

    assert gather({}, tmp_path / ".env") == {}
