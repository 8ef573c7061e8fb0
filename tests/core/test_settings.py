from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import SettingsError
from core.settings import Settings

TOKEN = "MTk4NjIyNDgz.Cl2FMQ.ZnCjm1XVW7vRze4b-7c_q"  # noqa: S105 - of Discord's documentation, and no more


def read(**env):
    return Settings.from_env({"DISCORD_TOKEN": TOKEN, **env})


def faults(**env):
    with pytest.raises(SettingsError) as caught:
        read(**env)
    return caught.value.issues


def test_only_the_token_is_needed():
    assert read() == Settings(
        discord_token=TOKEN,
        campuses=("bu",),
        max_concurrent_requests=24,
        redis_url=None,
        key_prefix="",
        data_dir=Path("data"),
        min_gap=timedelta(minutes=28),
        refresh_cooldown=timedelta(minutes=30),
        refresh_time=time(6, 30),
        refresh_every=timedelta(minutes=120),
        stale_after=timedelta(minutes=360),
        days_ahead=30,
        digest_time=time(7, 30),
        port=None,
        host="127.0.0.1",
        api_refresh="off",
        api_token=None,
        api_origins=(),
        api_limit=600,
        discord_api_url=None,
        discord_gateway_url=None,
        log_level="INFO",
        log_format="text",
    )


GOOD = [
    ("CAMPUS", "./campuses/umd.toml", "campuses", ("./campuses/umd.toml",)),
    ("CAMPUSES", "bu, ./umd.toml ,,bu", "campuses", ("bu", "./umd.toml")),
    ("CAMPUSES", ",", "campuses", ("bu",)),
    ("READ_AT_ONCE", "1", "max_concurrent_requests", 1),
    ("REDIS_URL", "redis://localhost:6379/0", "redis_url", "redis://localhost:6379/0"),
    ("REDIS_URL", "rediss://u:p%23@h:6380", "redis_url", "rediss://u:p%23@h:6380"),
    ("REDIS_URL", "unix:///run/redis.sock", "redis_url", "unix:///run/redis.sock"),
    ("KEY_PREFIX", "staging:", "key_prefix", "staging:"),
    ("DATA_DIR", "/var/lib/bot", "data_dir", Path("/var/lib/bot")),
    ("MIN_GAP_MINUTES", "1", "min_gap", timedelta(minutes=1)),
    ("MIN_GAP_MINUTES", "720", "min_gap", timedelta(hours=12)),
    ("REFRESH_COOLDOWN_MINUTES", "0", "refresh_cooldown", timedelta()),
    ("REFRESH_TIME", "5:05", "refresh_time", time(5, 5)),
    ("REFRESH_TIME", "23:59", "refresh_time", time(23, 59)),
    ("REFRESH_EVERY_MINUTES", "0", "refresh_every", None),
    ("REFRESH_EVERY_MINUTES", "15", "refresh_every", timedelta(minutes=15)),
    ("STALE_AFTER_MINUTES", "1", "stale_after", timedelta(minutes=1)),
    ("DAYS_AHEAD", "0", "days_ahead", 0),
    ("DIGEST_TIME", "00:00", "digest_time", time(0, 0)),
    ("PORT", "8000", "port", 8000),
    ("HOST", "::", "host", "::"),
    ("API_REFRESH", "Open", "api_refresh", "open"),
    ("API_TOKEN", "0123456789abcdef", "api_token", "0123456789abcdef"),
    ("API_ORIGINS", "https://A.edu/, http://b:1", "api_origins", ("https://a.edu", "http://b:1")),
    ("API_LIMIT", "0", "api_limit", 0),
    (
        "DISCORD_API_URL",
        "http://127.0.0.1:8080/api",
        "discord_api_url",
        "http://127.0.0.1:8080/api",
    ),
    ("DISCORD_GATEWAY_URL", "ws://127.0.0.1:8080", "discord_gateway_url", "ws://127.0.0.1:8080"),
    ("LOG_LEVEL", "debug", "log_level", "DEBUG"),
]


@pytest.mark.parametrize(("name", "text", "field", "value"), GOOD)
def test_setting_is_read(name, text, field, value):
    assert getattr(read(**{name: f" {text} "}), field) == value


@pytest.mark.parametrize("name", sorted({each[0] for each in GOOD}))
@pytest.mark.parametrize("text", ["", "  "])
def test_empty_setting_is_unset(name, text):
    assert read(**{name: text}) == read()


BAD = [
    ("DISCORD_TOKEN", "two words"),
    ("DISCORD_TOKEN", '"quoted"'),
    ("DISCORD_TOKEN", "tökén"),
    ("REDIS_URL", "localhost:6379"),
    ("REDIS_URL", "http://localhost"),
    ("REDIS_URL", "redis://[::1"),
    ("REDIS_URL", "redis://host:port"),
    ("MIN_GAP_MINUTES", "0"),
    ("MIN_GAP_MINUTES", "721"),
    ("MIN_GAP_MINUTES", "-1"),
    ("MIN_GAP_MINUTES", "28.0"),
    ("MIN_GAP_MINUTES", "+28"),
    ("MIN_GAP_MINUTES", "1_0"),
    ("MIN_GAP_MINUTES", "٢٨"),
    ("MIN_GAP_MINUTES", "9" * 5000),
    ("MIN_GAP_MINUTES", "half an hour"),
    ("REFRESH_COOLDOWN_MINUTES", "1441"),
    ("REFRESH_COOLDOWN_MINUTES", "never"),
    ("REFRESH_TIME", "24:00"),
    ("REFRESH_TIME", "6"),
    ("REFRESH_TIME", "06:60"),
    ("REFRESH_TIME", "6:30 am"),
    ("REFRESH_EVERY_MINUTES", "1441"),
    ("STALE_AFTER_MINUTES", "0"),
    ("STALE_AFTER_MINUTES", "10081"),
    ("DAYS_AHEAD", "61"),
    ("DAYS_AHEAD", "-1"),
    ("DIGEST_TIME", "noon"),
    ("DISCORD_API_URL", "ws://localhost"),
    ("DISCORD_API_URL", "localhost"),
    ("DISCORD_API_URL", "https:localhost"),
    ("DISCORD_API_URL", "http://[::1"),
    ("DISCORD_GATEWAY_URL", "http://localhost"),
    ("LOG_LEVEL", "loud"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("HOST", "two words"),
    ("API_REFRESH", "yes"),
    ("API_TOKEN", "short"),
    ("API_TOKEN", "0123456789 abcdef"),
    ("API_ORIGINS", "*"),
    ("API_ORIGINS", "https://a.edu, a.edu"),
    ("API_ORIGINS", "https://a.edu/path"),
    ("API_LIMIT", "-1"),
]


@pytest.mark.parametrize(("name", "text"), BAD)
def test_faulty_setting_is_named(name, text):
    [fault] = faults(**{name: text})
    assert fault.startswith(f"{name}: ")
    assert len(fault.splitlines()) == 1


@pytest.mark.parametrize("env", [{}, {"DISCORD_TOKEN": ""}, {"DISCORD_TOKEN": " "}])
def test_missing_token_is_told_once(env):
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(env)
    [fault] = caught.value.issues
    assert fault.startswith("DISCORD_TOKEN: is missing")


def test_all_faults_are_told_at_once():
    env = {"DISCORD_TOKEN": "", "REDIS_URL": "x", "MIN_GAP_MINUTES": "x", "LOG_LEVEL": "x"}
    found = faults(**env)
    assert [each.split(":")[0] for each in found] == list(env)
    with pytest.raises(SettingsError, match=r"(?s)DISCORD_TOKEN.*REDIS_URL.*LOG_LEVEL"):
        read(**env)


def test_missing_token_is_told_beside_a_fault_that_repeats_its_name():
    found = faults(DISCORD_TOKEN="", LOG_LEVEL="DISCORD_TOKEN")
    assert [each.split(":")[0] for each in found] == ["DISCORD_TOKEN", "LOG_LEVEL"]


def test_a_refresh_by_token_needs_one():
    [fault] = faults(API_REFRESH="token")
    assert fault == "API_TOKEN: is missing; API_REFRESH=token asks for it"
    [fault] = faults(API_REFRESH="token", API_TOKEN="short")  # noqa: S106 - of the test
    assert fault.startswith("API_TOKEN: is not 16")


def test_secrets_are_not_in_the_repr():
    shown = repr(read(REDIS_URL="redis://:hunter2@h", API_TOKEN="hunter2-and-more"))  # noqa: S106 - of the test
    assert TOKEN not in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DISCORD_TOKEN", "hunter2 "),
        ("DISCORD_TOKEN", "Bot hunter2"),
        ("REDIS_URL", "hunter2"),
        ("REDIS_URL", "http://:hunter2@h"),
        ("REDIS_URL", "redis://:hunter2@[h"),
        ("REDIS_URL", "redis://:[hunter2]@h"),
        ("REDIS_URL", "redis://:hunter2℀@h"),
        ("REDIS_URL", "redis://:hunter2/more@h:6379"),
        ("REDIS_URL", "redis://:hunter2#more@h:6379"),
        ("REDIS_URL", "redis://h:hunter2"),
    ],
)
def test_secrets_are_in_no_fault(name, text):
    """`urlsplit` repeats what it does not understand; a # or / cuts a password in two."""
    with pytest.raises(SettingsError) as caught:
        read(**{name: text, "LOG_LEVEL": "loud"})
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(caught.value)
    assert caught.value.__cause__ is None


names = st.sampled_from([each[0] for each in BAD])
texts = st.text(max_size=30) | st.text("0123456789:+-. ", max_size=8) | st.text("redis:/@[]#x1")


@settings(max_examples=300, deadline=None)
@given(env=st.dictionaries(names, texts, max_size=5))
def test_any_environment_is_settings_or_a_list_of_faults(env):
    try:
        found = Settings.from_env(env)
    except SettingsError as err:
        assert {each.split(":")[0] for each in err.issues} <= {*env, "DISCORD_TOKEN"}  # noqa: PT017
    else:
        assert found.discord_token == env["DISCORD_TOKEN"].strip()
        assert timedelta(minutes=1) <= found.min_gap <= timedelta(hours=12)


def test_one_campus_and_several_cannot_both_be_named():
    assert faults(CAMPUS="bu", CAMPUSES="bu,umd") == ("CAMPUS, CAMPUSES: set one of them",)
