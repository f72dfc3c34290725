"""Who has the registers' files and keys, but not the vault's, cannot join two licences of one person.

Every value that is stored for either licence is collected, every blob opened, every leaf of the log read. What
both have in common is compared, value by value, with a list that says why each tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import inspect, select, update

from meibo import clock
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import Leaf, LeafKind, RecordedLeaf, decode
from meibo.certificates.entries import Format
from meibo.certificates.keys.certificates import new_key
from meibo.certificates.standing import EndReason
from meibo.certificates.status.indices import Medium
from meibo.certificates.tables import status_list
from meibo.consent import CURRENT_TEXT, Recipient, Redemptions
from meibo.crypto.keys import NONCE_BYTES
from meibo.database.paging import PageRequest
from meibo.database.stores import Store
from meibo.demo.keys import make_keys
from meibo.errors import FindingCode, Refused
from meibo.identity import NumberKind, VerifiedBy
from meibo.installation import Installation, register_tables_of
from meibo.items.declaration import Privacy
from meibo.portal import CertificateRequest, Holder, Portal, portal_of
from meibo.professions.compiled import GroupSpec
from meibo.register import sealing, tables
from meibo.register.fold import Verb
from meibo.register.search import PLAIN, SearchKind
from meibo.registry.filtering import ListFilter, Order
from meibo.registry.requests import ActRequest
from meibo.registry.views import Head
from meibo.values import names
from meibo.values.pseudonyms import LicencePseudonym, new_portal_pseudonym
from meibo.vault import tables as vault_tables
from tests.holders import share_request
from tests.veterinarian.installed import BOTH, NUMBER, OFFICER, enter_both, entry
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template
from tests.wallets import proof

NAME = "鷹司満月"
ALLOWED: Mapping[object, str] = {
    **dict.fromkeys(
        ("tester", "Test office", "terminal-1", "registry"), "who acted, where, on which surface"
    ),
    **dict.fromkeys(("register", "suspend", "strike_off"), "a verb, or the id of a legal basis"),
    **dict.fromkeys(("both", "number.find", "number.reveal"), "an operation"),
    **dict.fromkeys(("intent", "done", "read", "find", "reveal"), "what kind of leaf it is"),
    "ok": "what came of an act",
    **dict.fromkeys(("accepted", "REGISTERED", "SUSPENDED", "STRUCK_OFF"), "a state"),
    **dict.fromkeys(("audit", "action"), "a source of the log"),
    **dict.fromkeys([k.value for k in SearchKind if k not in PLAIN], "what kind of term a hash stands for"),
    **dict.fromkeys(("101", "401", "703", "02"), "a code of a table"),
    "0.1.0": "the version of core and of both plugins",
    "": "nothing",
}
"""What the rows of two licences may have in common, and what it is."""
SHARED: Mapping[object, str] = {
    **dict.fromkeys(
        ("portal", "本人", "st-luke", "St Luke's", "verify"), "who acted, where, on which surface"
    ),
    **dict.fromkeys(("share", "share.withdraw", "redeem"), "an operation"),
    **dict.fromkeys(("given", "withdrawn", "shown", "used_up"), "what became of a share"),
    **dict.fromkeys(("employment", CURRENT_TEXT.version, "ja"), "what was consented to, of closed lists"),
    "refusal": "what kind of leaf it is",
}
"""What two licences may have in common beside, once their holder has shared both."""
CERTIFIED: Mapping[object, str] = {
    **dict.fromkeys(("portal", "本人"), "who acted, where"),
    **dict.fromkeys(("certificate.issue", "certificate.revoke"), "an operation"),
    **dict.fromkeys((*Format, Medium.DIGITAL), "in which form, and where it lives"),
    EndReason.WITHDRAWN: "what became of a certificate",
}
"""What two licences may have in common beside, once their holder has certificates of both; and the day on which these
end, with the list of all that end in its month."""
HOSPITAL = Recipient(partner="st-luke", name="St Luke's")
TELLING_FROM = 100
"""Smaller integers count something."""
OF_NO_LICENCE = {
    *("profession", "installation", "recording", "code_change", "account", "token"),
    *("audit_node", "audit_checkpoint", "status_list", "partner", "partner_action", "used_proof"),
    *("seen_binding", "verification", "job", "link_receipt", "link_state", "check_run"),
    *("feed", "feed_item", "feed_heard", "feed_medium", "feed_basis", "feed_handover", "family_batch"),
    *("paper_batch", "paper_certificate", "pass_list", "pass_entry", "carried_medium"),
}
"""Tables without rows of a licence: facts of the installation, the tree over all leaves, lists of certificates by
the month of their end, what waits to be done (by random ids), ids of messages that outside systems sent, how
far each of them has come, whose an item is, on which media they were told, on which basis numbers go there, what was
asked at once; what came from paper in which batch and was destroyed, and who passed, whether or not they are
licensed."""


@dataclass
class Trace:
    """All values that are stored for one licence, each with the places where it stands."""

    values: dict[object, set[str]] = field(default_factory=dict)

    def add(self, value: object, where: str) -> None:
        """Take a value apart and note each part: bytes as hexadecimal, a seal's nonce besides."""
        match value:
            case None | bool():
                return
            case dict():
                for key, part in value.items():
                    self.add(part, f"{where}.{key}")
            case list() | tuple():
                for part in value:
                    self.add(part, where)
            case bytes():
                self._note(value.hex(), where)
                if where.endswith((".sealed", ".wrapped_key")):
                    self._note(value[:NONCE_BYTES].hex(), where)
            case UUID():
                self._note(value.hex, where)
            case datetime():
                self._note(value.isoformat(), where)
            case date():
                self._note(value.isoformat(), where)
            case str():
                for part in {value, *value.split("|")}:
                    self._note(_unhyphened(part), where)
            case _:
                self._note(value, where)

    def _note(self, value: object, where: str) -> None:
        self.values.setdefault(value, set()).add(where)


def _unhyphened(text: str) -> str:
    """A UUID is the same with and without its hyphens."""
    try:
        return UUID(text).hex
    except ValueError:
        return text


def common(traces: Mapping[str, Trace]) -> set[object]:
    """The values that stand for both licences and may tell something."""
    doctor, veterinarian = (traces[code].values for code in sorted(traces))
    both = doctor.keys() & veterinarian.keys()
    return {value for value in both if not (isinstance(value, int) and value < TELLING_FROM)}


async def traces_of(installation: Installation) -> dict[str, Trace]:
    """Everything in the register's and the audit log's tables, by profession; each has one licence here."""
    traces = {code: Trace() for code in BOTH}
    async with installation.register.read(installation.scopes.numbers.values()) as connection:
        for table in register_tables_of(installation.host):
            if table.name in OF_NO_LICENCE or table.name.endswith("_master"):
                continue
            for row in (await connection.execute(select(table))).mappings().all():
                trace = traces[installation.scopes.code(row["scope"])]
                trace.add(dict(row), table.name)
    for code, trace in traces.items():
        async for where, opened in opened_blobs(installation, code):
            trace.add(opened, where)
    await _read_log(installation, traces)
    return traces


async def opened_blobs(installation: Installation, code: str) -> Any:
    """(table, what every sealed blob of a profession holds), the holder's declared items left out; and the key."""
    profession = installation.host[code]
    scope = installation.scopes.of(code)
    envelope = sealing.licence_envelope(installation.keys, code)
    async with installation.register.read([scope]) as connection:
        rows = {
            table.name: [
                r for r in (await connection.execute(select(table))).mappings() if r["scope"] == scope
            ]
            for table in register_tables_of(installation.host)
            if table.info.get("scoped")
        }
    [licence] = rows["licence"]
    secret = sealing.open_licence_key(envelope, licence["id"], licence["wrapped_key"], licence["key_version"])
    yield "licence key", secret
    for name, found in rows.items():
        for row in found:
            if "sealed" in row:
                key = name.removeprefix(f"{code}_")
                where = _place(profession.groups.get(key), name, row)
                opened = sealing.open_json(secret, row["sealed"], where)
                yield name, dict(_without_personal(profession, key, opened))


def _place(spec: GroupSpec | None, table: str, row: Mapping[Any, Any]) -> bytes:
    part = sealing.part_of(spec, row) if spec else row["id"].hex
    return sealing.place(table, row["licence_id"], part, row.get("plugin_version", "core"))


def _without_personal(profession: Any, key: str, opened: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The opened blob of a group, or an action, without the items that the profession declares personal."""
    spec = profession.groups.get(key)
    for name, value in opened.items():
        if name == "patch":
            groups = {group: v if isinstance(v, list) else [v] for group, v in value.items()}
            yield (
                name,
                {
                    group: [dict(_without_personal(profession, group, row)) for row in rows]
                    for group, rows in groups.items()
                },
            )
        elif spec is None or spec.items[name].privacy is Privacy.PUBLIC:
            yield name, value


async def _read_log(installation: Installation, traces: Mapping[str, Trace]) -> None:
    """Every leaf, its place and its index go to the profession that the leaf names."""
    changes = [c for source in installation.sources for c in await source.changes(None, 10_000) if c.subjects]
    cursors = {value: code for code, trace in traces.items() for value in trace.values}
    owners = {change.cursor: cursors[change.subjects[0]] for change in changes}
    async with installation.databases[Store.AUDIT].read() as connection:
        for leaf in await leaves_of(installation):
            assert leaf.leaf.profession is not None
            owners[leaf.id] = leaf.leaf.profession
        for row in (await connection.execute(select(audit_tables.leaf))).mappings().all():
            trace, recorded = traces[owners[row["id"]]], decode(row["body"])
            trace.add({**vars_of(recorded), **dict(row)}, "audit_leaf")
        places = (await connection.execute(select(audit_tables.place))).mappings().all()
        for place in places:
            if place["source"] == "code_change":
                continue
            traces[owners[place["cursor"]]].add(dict(place), "audit_place")
        index = {place["leaf_index"]: owners.get(place["cursor"]) for place in places}
        for subject in (await connection.execute(select(audit_tables.subject))).mappings().all():
            traces[index[subject["leaf_index"]] or ""].add(dict(subject), "audit_subject")


def vars_of(recorded: RecordedLeaf) -> dict[str, Any]:
    """The fields of a leaf but its profession, after which it is sorted here."""
    fields = {name: getattr(recorded.leaf, name) for name in recorded.leaf.__dataclass_fields__}
    return {**fields, "id": recorded.id, "at": recorded.at}


async def leaves_of(installation: Installation) -> list[RecordedLeaf]:
    async with installation.databases[Store.AUDIT].read() as connection:
        bodies = await connection.scalars(
            select(audit_tables.leaf.c.body).order_by(audit_tables.leaf.c.number)
        )
        return [decode(body) for body in bodies]


async def live(installation: Installation) -> None:
    """Both licences go the same way: entered, looked at and looked for together, suspended, struck off."""
    made = await enter_both(installation)
    reader = installation.reader(OFFICER, "both")
    for code in sorted(BOTH):
        kind, digest = reader.name_hash(code, SearchKind.FULL, names.name_key(NAME))
        filter = ListFilter(hashes=[(kind, digest)])
        page = await reader.page(code, filter, Order.REGISTRATION_NUMBER_ASC, PageRequest())
        assert [head.id for head in page.nodes] == [made[code].licence]
    await reader.log.write()
    for code, outcome in made.items():
        assert await reader.find_by_number(code, NumberKind.INDIVIDUAL_NUMBER, NUMBER) == outcome.licence
        [head] = await reader.heads([outcome.licence or UUID(int=0)])
        assert head is not None
        await installation.identity.reveal(
            OFFICER, profession=code, file=installation.host[code].file, pseudonym=head.pseudonym,  # type: ignore[arg-type]
            kind=NumberKind.INDIVIDUAL_NUMBER, purpose=f"照会 {code}", legal_basis="register",
        )  # fmt: skip
    await reader.log.write()
    for n, (code, outcome) in enumerate(made.items()):
        suspension = ActRequest(
            idempotency_key="two", licence=outcome.licence, expected_version=1, reason="703", kind="02",
            effective_date=date(2015 + n, 1, 6 + n), end_date=date(2015 + n, 3, 6 + n), legal_basis="suspend",
            order_number=f"{code}-{n}", office_name=f"{code} の処分庁",
        )  # fmt: skip
        await installation.office.act(OFFICER, Verb.SUSPEND, suspension)
        [head] = await reader.heads([outcome.licence or UUID(int=0)])
        assert head is not None
        strike = ActRequest(
            idempotency_key="three", licence=outcome.licence, expected_version=head.version, reason="401",
            effective_date=date(2020, 1, 6 + n), legal_basis="strike_off", reason_text=f"{code} の申請",
        )  # fmt: skip
        await installation.office.act(OFFICER, Verb.STRIKE_OFF, strike)
    await reader.log.write()
    await installation.sequencer.run_once()


async def sign_in(installation: Installation, portal: Portal) -> Holder:
    """The holder of both licences, at the portal."""
    [doctor] = [h for h in await heads_of(installation) if h.profession == "doctor"]
    pseudonym = new_portal_pseudonym()
    await installation.identity.link_portal(
        OFFICER, profession="doctor", file=installation.host["doctor"].file,
        pseudonym=LicencePseudonym(doctor.pseudonym), portal=pseudonym, verified_by=VerifiedBy.MY_NUMBER_CARD,
    )  # fmt: skip
    return Holder(pseudonym, tuple(await portal.links.licences(pseudonym)))


async def share(installation: Installation) -> None:
    """The holder signs in, looks at both licences at once, shares both with one hospital, and withdraws one each."""
    portal = portal_of(installation)
    holder = await sign_in(installation, portal)
    reader, log = portal.reader(holder)
    redeeming = Redemptions(installation.register, portal.scopes, portal.keys, portal.codes, portal.audit)
    for n, head in enumerate(await reader.licences()):
        offered = [claim.spec.name for claim in await reader.claims(head)]
        wanted = share_request(head.id, claims=[offered[n]], expires_at=clock.now() + timedelta(hours=1 + n))
        caller = holder.acting(head.profession)
        for _ in range(2):
            made, token = await portal.consents.share(caller, head, wanted, offered)
        assert (await redeeming.redeem(token, HOSPITAL)).claims
        await redeeming.redeem(token, HOSPITAL)
        await portal.consents.withdraw(caller, head, made.id, CURRENT_TEXT.version, "ja")
    await log.write()


async def certify(installation: Installation) -> None:
    """The holder gets both forms of both licences by one wallet key, under equal idempotency keys, ends one each."""
    portal, key = portal_of(installation), new_key()
    make_keys(installation.authority)
    certificates, holder = portal.certificates, await sign_in(installation, portal)
    reader, log = portal.reader(holder)
    for head in await reader.licences():
        shown = await reader.claims(head)
        text = proof(key, certificates.nonce(holder).text)
        asked = CertificateRequest(claims=None, proof=text, idempotency_key="wallet")
        made, _ = await certificates.issue(holder, head, asked, shown)
        await certificates.issue_qr(holder, head, CertificateRequest(claims=(), idempotency_key="qr"), shown)
        await certificates.revoke(holder, head, made.id)
    await log.write()


async def heads_of(installation: Installation) -> list[Head]:
    """Both licences."""
    reader = installation.reader(OFFICER, "both")
    pages = [
        await reader.page(code, ListFilter(), Order.REGISTRATION_NUMBER_ASC, PageRequest()) for code in BOTH
    ]
    await reader.log.write()
    return [head for page in pages for head in page.nodes]


async def test_two_licences_that_their_holder_shares_have_nothing_more_in_common(
    installation: Installation,
) -> None:
    await enter_both(installation)
    await share(installation)
    await installation.sequencer.run_once()
    assert common(await traces_of(installation)) - ALLOWED.keys() == SHARED.keys()


async def test_two_licences_that_their_holder_has_certificates_of_have_nothing_more_in_common(
    installation: Installation,
) -> None:
    await enter_both(installation)
    await certify(installation)
    await installation.sequencer.run_once()
    async with installation.register.read() as connection:
        lists = set((await connection.execute(select(status_list.c.id))).scalars())
    ends = {(clock.today() + timedelta(days=90)).isoformat()}
    assert common(await traces_of(installation)) - ALLOWED.keys() == CERTIFIED.keys() | lists | ends


async def test_two_licences_have_nothing_telling_in_common(installation: Installation) -> None:
    await live(installation)
    assert common(await traces_of(installation)) == ALLOWED.keys()


async def test_a_log_entry_that_both_have_is_seen(installation: Installation) -> None:
    """The control: one request id in two leaves, and one hash under two idempotency keys."""
    await live(installation)
    for code in BOTH:
        leaf = Leaf(
            kind=LeafKind.READ, account="tester", institution="Test office", terminal="terminal-1",
            surface="registry", operation="both", profession=code, reference="request-7",
        )  # fmt: skip
        await installation.audit.record(leaf)
        scope = installation.scopes.of(code)
        async with installation.register.write([scope]) as work:
            await work.connection.execute(
                update(tables.idempotency)
                .where(tables.idempotency.c.scope == scope)
                .values(body_mac=b"\x07" * 32)
            )
            await work.commit()
    assert common(await traces_of(installation)) == ALLOWED.keys() | {"request-7", "07" * 32}


async def test_every_table_is_looked_at(installation: Installation) -> None:
    """Each holds rows of a licence, or is named as holding none; only the vault's are left out."""
    scoped = {table.name for table in register_tables_of(installation.host) if table.info.get("scoped")}
    log = {table.name for table in audit_tables.metadata.sorted_tables}
    looked_at = scoped | {"audit_leaf", "audit_unplaced", "audit_place", "audit_subject"}
    there: set[str] = set()
    for store in (Store.REGISTER, Store.AUDIT):
        async with installation.databases[store].read() as connection:
            there |= set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))
    vault = {
        table.name
        for metadata in (
            vault_tables.links_metadata, vault_tables.numbers_metadata, vault_tables.keys_metadata,
        )
        for table in metadata.sorted_tables
    }  # fmt: skip
    revisions = {f"meibo_{store}_revision" for store in Store}
    masters = {name for name in there if name.endswith("_master")}
    assert there - vault - revisions - masters == looked_at | OF_NO_LICENCE
    assert log <= looked_at | OF_NO_LICENCE


async def test_one_search_in_both_registers_leaves_two_leaves_apart(installation: Installation) -> None:
    await live(installation)
    read = [
        r for r in await leaves_of(installation) if r.leaf.kind is LeafKind.READ and len(r.leaf.terms) == 1
    ]
    assert sorted(r.leaf.profession or "" for r in read) == sorted(BOTH)
    assert {r.leaf.reference for r in read} == {None}
    assert len({r.id for r in read}) == 2
    assert len({r.leaf.terms for r in read}) == 2
    assert len({r.leaf.subjects for r in read}) == 2


async def test_one_key_for_both_registers_leaves_no_equal_hash(installation: Installation) -> None:
    await enter_both(installation)
    async with installation.register.read(installation.scopes.numbers.values()) as connection:
        rows = (await connection.execute(select(tables.idempotency))).all()
    assert [row.verb for row in rows] == [Verb.REGISTER, Verb.REGISTER]
    assert len({row.key_hash for row in rows} | {row.body_mac for row in rows}) == 4


async def test_the_registers_keys_do_not_find_a_number_by_trying_all(installation: Installation) -> None:
    """What stands for a number outside the vault is hashed under the vault's keys: with the registers' alone,
    trying all numbers would tell whose two licences are."""
    await live(installation)
    searched = f"{NumberKind.INDIVIDUAL_NUMBER}={NUMBER}"
    terms = {term for r in await leaves_of(installation) for term in r.leaf.terms}
    found = [r for r in await leaves_of(installation) if r.leaf.kind is LeafKind.FIND]
    assert [len(r.leaf.terms) for r in found] == [1, 1]
    assert terms.isdisjoint(installation.audit.term(code, searched) for code in BOTH)
    for code in BOTH:
        assert NUMBER.encode() not in entry(code).body()


async def test_another_number_under_the_same_key_is_refused(installation: Installation) -> None:
    await enter_both(installation)
    before = await leaves_of(installation)
    with pytest.raises(Refused) as refused:
        await installation.office.register(OFFICER, "doctor", entry("doctor", number="111111111118"))
    assert [f.code for f in refused.value.findings] == [FindingCode.IDEMPOTENCY_KEY_REUSED]
    assert [r.leaf.kind for r in (await leaves_of(installation))[len(before) :]] == [LeafKind.REFUSAL]
