"""What an operator sets: read once, from the environment and one TOML file, into a frozen object.

The environment wins over the file; `meibo settings` prints the table from which the docs are made.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from meibo.errors import SettingsError

PREFIX = "MEIBO_"
FILE = "meibo.toml"


def setting(default: str | int | bool, help: str) -> Any:
    """One setting: its default and a one-line help."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings; a URL left empty means an SQLite file of that name under `data`."""

    data: str = setting("var", "Folder for SQLite files and for key files of the file provider.")
    register_url: str = setting("", "Database of the registers, as the server's own role.")
    register_owner_url: str = setting(
        "", "The same database as its owner, for migrations; empty: register_url."
    )
    links_url: str = setting("", "Vault, links service: person, licence pseudonyms, portal pseudonym.")
    links_owner_url: str = setting("", "The links database as its owner, for migrations; empty: links_url.")
    numbers_url: str = setting("", "Vault, numbers service: sealed individual numbers.")
    numbers_owner_url: str = setting(
        "", "The numbers database as its owner, for migrations; empty: numbers_url."
    )
    keys_url: str = setting(
        "", "Key store of the vault: data keys and lookup hashes. Keep it apart from the vault."
    )
    keys_owner_url: str = setting("", "The key store as its owner, for migrations; empty: keys_url.")
    audit_url: str = setting("", "Audit store: leaves, tree, checkpoints.")
    audit_owner_url: str = setting("", "The audit store as its owner, for migrations; empty: audit_url.")
    register_keys: str = setting("", "Folder of the registers' keys; empty: <data>/keys/register.")
    vault_keys: str = setting("", "Folder of the vault's keys; empty: <data>/keys/vault.")
    public_url: str = setting(
        "https://meibo.example", "Address by which others know this installation: its name in certificates."
    )
    signing_keys: str = setting("", "Folder of the signing keys; empty: <data>/keys/signing.")
    status_target: str = setting(
        "",
        "Where status lists are published: a folder, https://…/ or s3+https://host/bucket/path/; empty: <data>/status.",
    )
    status_token: str = setting("", "Bearer token for a status target by HTTP.")
    trust_folder: str = setting(
        "", "Watched folder of other systems' trust lists, CRLs and status lists; empty: <data>/trust."
    )
    pool_size: int = setting(8, "Connections for each database: so many for reads by plan, and for the rest.")
    statement_seconds: int = setting(30, "Seconds after which a database ends a statement; 0: never.")
    host: str = setting("127.0.0.1", "Address to listen on.")
    port: int = setting(8470, "Port to listen on.")
    operator_listener: str = setting(
        "",
        "host:port where the process tells /metrics and its health, such as 127.0.0.1:9470; empty: nowhere.",
    )
    registry_origins: str = setting("", "Origins, comma-separated, whose pages may call /registry/graphql.")
    portal_role: str = setting(
        "", "PostgreSQL role of the portal's own process, to which migrating gives its rights; empty: none."
    )
    portal_origins: str = setting("", "Origins, comma-separated, whose pages may call /portal/graphql.")
    portal_issuer: str = setting(
        "", "Identity provider of holders (OpenID Connect issuer); empty: no sign-in."
    )
    portal_audience: str = setting("", "Audience that a holder's token must name.")
    portal_jwks_url: str = setting(
        "", "Keys of the identity provider; empty: where its discovery says, at the issuer's own origin."
    )
    portal_algorithms: str = setting("ES256", "Signatures, comma-separated, that a holder's token may have.")
    portal_subject_claim: str = setting("sub", "Claim of a holder's token that holds the portal pseudonym.")
    portal_share_url: str = setting(
        "/share", "Address of the page that opens shares; the token follows in its fragment."
    )
    portal_max_cost: int = setting(10_000, "As max_cost, of one operation at the portal.")
    portal_requests_per_caller: int = setting(8, "As requests_per_caller, of one holder.")
    registry_documents: str = setting(
        "off",
        "Trusted documents of /registry/graphql: `off`, `prefer` (by id too), `require` (no others).",
    )
    portal_documents: str = setting("off", "As registry_documents, of /portal/graphql.")
    verify_address: str = setting(
        "",
        "Address by which partners reach the verify process, as tokens and proofs name it; empty: public_url.",
    )
    verify_certificate_header: str = setting(
        "", "Header in which a TLS proxy passes a partner's client certificate; empty: none is believed."
    )
    verify_proxies: str = setting(
        "", "Addresses, comma-separated, of the TLS proxies whose certificate header is believed."
    )
    verify_origins: str = setting("", "Origins, comma-separated, whose pages may call /verify/graphql.")
    verify_documents: str = setting("off", "As registry_documents, of /verify/graphql.")
    verify_max_cost: int = setting(10_000, "As max_cost, of one operation at /verify.")
    verify_searches_per_minute: int = setting(
        20, "Public searches from one address in a minute, at each process."
    )
    verify_max_body_bytes: int = setting(4_194_304, "As max_body_bytes, at /verify: 1,000 presentations.")
    verify_checks_per_minute: int = setting(
        6_000, "Shares and certificates that one partner has checked in a minute, by each process."
    )
    verify_requests_per_caller: int = setting(32, "As requests_per_caller, of one partner.")
    explorer: bool = setting(True, "Serve the explorer at /registry/explorer.")
    introspection: bool = setting(True, "Answer introspection queries.")
    graceful_seconds: int = setting(10, "How long a stopping server lets requests finish, in seconds.")
    link_addresses: str = setting(
        "", "Outside systems, comma-separated, `connector=https://…`: no other address is sent to."
    )
    link_folder: str = setting(
        "",
        "Folder of <connector>.jwks.json (its keys), <connector>.pem (our mTLS certificate and key) and ca.pem;"
        " empty: <data>/link.",
    )
    link_proxy: str = setting("", "Proxy for outside systems, http://host:port; empty: none.")
    link_max_bytes: int = setting(1_048_576, "Largest message of an outside system, in bytes.")
    erasure_certificate_days: int = setting(
        30, "Days after which a sender of numbers from paper must have proved that it destroyed them."
    )
    pass_list_years: int = setting(
        10, "Years after that of the examination for which it is kept who stands in a pass list."
    )
    link_skew_seconds: int = setting(
        300, "Seconds by which an outside system's clock may differ, and its message be old."
    )
    resident_layout: str = setting(
        "", "Table of the items of resident-record files, in place of the one that comes with meibo."
    )
    resident_encoding: str = setting("utf-8", "Encoding of resident-record files, such as cp932.")
    family_grants: str = setting(
        "",
        "File of what the information-sharing network lets be asked of the family register, by legal basis and item;"
        " empty: the list that comes with meibo.",
    )
    max_body_bytes: int = setting(1_048_576, "Largest request body, in bytes.")
    max_cost: int = setting(50_000, "Objects that one operation may read: page sizes multiplied.")
    max_depth: int = setting(20, "Fields within fields of one operation.")
    requests_per_caller: int = setting(32, "Requests of one account under way.")
    documents_per_second: int = setting(
        20, "New documents of one account in a second; those seen before are free."
    )
    professions: str = setting(
        "", "Codes, comma-separated, of the professions kept here; empty: all installed."
    )
    quarantine: bool = setting(False, "Start without a broken plugin instead of refusing to start.")
    terminal: str = setting("local", "Name of this terminal (端末No) in the audit log for acts by command.")

    def path(self, name: str) -> Path:
        """A file or folder under `data`."""
        return Path(self.data) / name

    def url(self, store: str, *, owner: bool = False) -> str:
        """The SQLAlchemy URL of a store, as its owner if asked."""
        found = (owner and getattr(self, f"{store}_owner_url")) or getattr(self, f"{store}_url")
        return found or f"sqlite+aiosqlite:///{self.path(f'{store}.db')}"

    def only(self) -> frozenset[str] | None:
        """The professions kept here; None for all that are installed."""
        return frozenset(filter(None, (c.strip() for c in self.professions.split(",")))) or None

    def key_folder(self, name: str) -> Path:
        """Folder of the `register` or the `vault` keys."""
        return Path(getattr(self, f"{name}_keys") or self.path(f"keys/{name}"))


def load_settings(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read the file (`MEIBO_FILE`, else ./meibo.toml where there is one), then the environment over it.

    Raises SettingsError naming the setting that is unknown or of the wrong type, or the file that cannot be read.
    """
    environ = os.environ if environ is None else environ
    named = file or environ.get(PREFIX + "FILE")
    raw = _read(Path(named or FILE), must_exist=bool(named))
    known = {f.name: type(f.default) for f in fields(Settings)}
    raw |= {
        k[len(PREFIX) :].lower(): v
        for k, v in environ.items()
        if k.startswith(PREFIX) and k != PREFIX + "FILE"
    }
    typed: dict[str, Any] = {name: _typed(name, value, known) for name, value in raw.items()}
    return Settings(**typed)


def _read(file: Path, *, must_exist: bool) -> dict[str, Any]:
    """The settings of a TOML file; none where there is no file and none was named."""
    if not file.is_file():
        if must_exist:
            raise SettingsError(f"There is no file {file}: see MEIBO_FILE.")
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except ValueError:  # Its text may be a password, so it is not repeated.
        raise SettingsError(f"{file} is no TOML file in UTF-8: mend it.") from None


def _typed(name: str, value: object, known: Mapping[str, type]) -> str | int | bool:
    """`value` as the type of the setting `name`."""
    if name not in known:
        raise SettingsError(f"There is no setting {name!r}: see `meibo settings` for their names.")
    wanted = known[name]
    if isinstance(value, str | int | bool) and type(value) is wanted:
        return value
    if wanted is bool and str(value).lower() in ("true", "false", "1", "0"):
        return str(value).lower() in ("true", "1")
    if wanted is int and re.fullmatch("[0-9]{1,10}", str(value)):
        return int(str(value))
    raise SettingsError(f"The setting {name} wants {wanted.__name__}: see `meibo settings`.")


def describe() -> Iterator[tuple[str, str, str]]:
    """(environment name, default, help) of each setting, in order."""
    for f in fields(Settings):
        yield PREFIX + f.name.upper(), str(f.default), f.metadata["help"]
