"""Access tokens under attack, refresh tokens as chains, and passwords hashed for real."""

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from hmac import digest as hmac_digest
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.crypto.access_tokens import Ed25519AccessTokens, key_id
from adapters.crypto.passwords import Argon2Passwords
from adapters.crypto.refresh_tokens import ChainedRefreshTokens
from adapters.system import SystemChance
from domain.identity.sessions import AccessClaims
from domain.shared.errors import InvalidCredentials, ProviderUnavailable, TokenExpired
from domain.shared.ids import SessionId, UserId, public_id
from tests.support.people import AUDIENCE, ISSUER, NOON, SEED

KEY = Ed25519PrivateKey.from_private_bytes(SEED)
PUBLIC_PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
KID = key_id(KEY.public_key())
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
USER = UserId(UUID("019a0000-0000-7000-8000-000000000001"))
SESSION = SessionId(UUID("019a0000-0000-7000-8000-000000000002"))
IAT = int(NOON.timestamp())

HEADER = {"alg": "EdDSA", "typ": "at+jwt", "kid": KID}
CLAIMS = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": public_id("usr", USER),
    "sid": public_id("ses", SESSION),
    "jti": "abc",
    "iat": IAT,
    "exp": IAT + 900,
}


def the_tokens(seed: bytes = SEED, earlier_seeds: Sequence[bytes] = ()) -> Ed25519AccessTokens:
    return Ed25519AccessTokens(
        seed, issuer=ISSUER, audience=AUDIENCE, chance=SystemChance(), earlier_seeds=earlier_seeds
    )


def encoded(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(header: object = HEADER, claims: object = CLAIMS, key: Ed25519PrivateKey = KEY) -> str:
    body = f"{encoded(header)}.{encoded(claims)}"
    return f"{body}.{encoded(key.sign(body.encode()))}"


def sealed(header: object, secret: bytes, claims: object = CLAIMS) -> str:
    """A token with an HMAC in place of a signature."""
    body = f"{encoded(header)}.{encoded(claims)}"
    return f"{body}.{encoded(hmac_digest(secret, body.encode(), 'sha256'))}"


def head(**changes: object) -> dict[str, object]:
    return {name: value for name, value in {**HEADER, **changes}.items() if value is not ...}


def says(**changes: object) -> dict[str, object]:
    return {name: value for name, value in {**CLAIMS, **changes}.items() if value is not ...}


JWK_OF_OTHER = {"kty": "OKP", "crv": "Ed25519", "x": encoded(OTHER.public_key().public_bytes_raw())}
GOOD = signed()
H, P, S = GOOD.split(".")

FORGED = {
    # ---- algorithm
    "alg none, no signature": f"{encoded(head(alg='none'))}.{P}.",
    "alg none, signature kept": f"{encoded(head(alg='none'))}.{P}.{S}",
    "alg None": signed(head(alg="None")),
    "alg nOnE": signed(head(alg="nOnE")),
    "alg missing": signed(head(alg=...)),
    "alg null": signed(head(alg=None)),
    "alg a list": signed(head(alg=["EdDSA"])),
    "alg lower case": signed(head(alg="eddsa")),
    "alg Ed25519 by name": signed(head(alg="Ed25519")),
    "HS256 with the public key as PEM": sealed(head(alg="HS256"), PUBLIC_PEM),
    "HS256 with the raw public key": sealed(head(alg="HS256"), KEY.public_key().public_bytes_raw()),
    "HS256 with an empty secret": sealed(head(alg="HS256"), b""),
    "HS256 with the kid as secret": sealed(head(alg="HS256"), KID.encode()),
    "HMAC under EdDSA": sealed(HEADER, KEY.public_key().public_bytes_raw()),
    "HS512": signed(head(alg="HS512")),
    "RS256": signed(head(alg="RS256")),
    "ES256 with its own key": jwt.encode(
        CLAIMS, generate_private_key(SECP256R1()), "ES256", {"typ": "at+jwt", "kid": KID}
    ),
    "Ed448": jwt.encode(CLAIMS, Ed448PrivateKey.generate(), "EdDSA", {"typ": "at+jwt", "kid": KID}),
    # ---- type
    "typ missing": signed(head(typ=...)),
    "typ JWT": signed(head(typ="JWT")),
    "typ id token": signed(head(typ="id+jwt")),
    "typ upper case": signed(head(typ="AT+JWT")),
    "typ null": signed(head(typ=None)),
    # ---- key id
    "kid missing": signed(head(kid=...)),
    "kid of another key": signed(head(kid=key_id(OTHER.public_key())), key=OTHER),
    "kid of ours, signed by another": signed(key=OTHER),
    "kid a path": signed(head(kid="../../dev/null")),
    "kid SQL": signed(head(kid="' UNION SELECT 'x")),
    "kid a number": signed(head(kid=0)),
    "kid null": signed(head(kid=None)),
    "kid a list": signed(head(kid=[KID])),
    "kid empty": signed(head(kid="")),
    # ---- headers that ask for more
    "crit empty": signed(head(crit=[])),
    "crit of something unknown": signed(head(crit=["exp"])),
    "b64 false": signed(head(crit=["b64"], b64=False)),
    "jwk of the attacker": signed(head(jwk=JWK_OF_OTHER), key=OTHER),
    "jku": signed(head(jku="https://evil.test/keys"), key=OTHER),
    "x5u": signed(head(x5u="https://evil.test/cert")),
    "x5c": signed(head(x5c=["AAAA"])),
    "zip": signed(head(zip="DEF")),
    "cty": signed(head(cty="JWT")),
    "header a list": signed([HEADER]),
    "header no JSON": signed(b"{alg:EdDSA}"),
    "header not UTF-8": signed(b"\xff\xfe"),
    "header with a member twice": signed(f'{{"alg":"none",{json.dumps(HEADER)[1:]}'.encode()),
    # ---- issuer, audience
    "iss missing": signed(claims=says(iss=...)),
    "iss of another": signed(claims=says(iss="https://evil.test")),
    "iss with a slash": signed(claims=says(iss=ISSUER + "/")),
    "aud missing": signed(claims=says(aud=...)),
    "aud of another": signed(claims=says(aud="https://evil.test")),
    "aud a list": signed(claims=says(aud=[AUDIENCE])),
    "aud a list with more": signed(claims=says(aud=[AUDIENCE, "https://evil.test"])),
    "aud null": signed(claims=says(aud=None)),
    # ---- subject, session
    "sub missing": signed(claims=says(sub=...)),
    "sub no id": signed(claims=says(sub="admin")),
    "sub of a session": signed(claims=says(sub=CLAIMS["sid"])),
    "sub a number": signed(claims=says(sub=1)),
    "sid missing": signed(claims=says(sid=...)),
    "sid null": signed(claims=says(sid=None)),
    "sid of a user": signed(claims=says(sid=CLAIMS["sub"])),
    "jti missing": signed(claims=says(jti=...)),
    "roles smuggled in": signed(claims=says(role="owner")),
    "nbf smuggled in": signed(claims=says(nbf=IAT + 999)),
    # ---- time
    "exp missing": signed(claims=says(exp=...)),
    "exp a text": signed(claims=says(exp=str(IAT + 900))),
    "exp a fraction": signed(claims=says(exp=IAT + 900.5)),
    "exp true": signed(claims=says(exp=True)),
    "exp before iat": signed(claims=says(iat=IAT, exp=IAT - 1)),
    "exp beyond fifteen minutes": signed(claims=says(exp=IAT + 3600)),
    "exp beyond all calendars": signed(claims=says(exp=10**18)),
    "exp beyond all integers": signed(claims=says(exp=10**40)),
    "iat missing": signed(claims=says(iat=...)),
    "iat in the future": signed(claims=says(iat=IAT + 60, exp=IAT + 900)),
    # ---- bodies and shapes
    "claims a list": signed(claims=[CLAIMS]),
    "claims no JSON": signed(claims=b"not json"),
    "claims empty": signed(claims={}),
    "a claim twice": signed(claims=f'{{"sub":"usr_x",{json.dumps(CLAIMS)[1:]}'.encode()),
    "claims of NaN": signed(claims=json.dumps(says(exp=float("nan"))).encode()),
    "claims changed": f"{H}.{encoded(says(sub=public_id('usr', UUID(int=9))))}.{S}",
    "signature cut": f"{H}.{P}.{S[:-4]}",
    "signature empty": f"{H}.{P}.",
    "signature spare bits": GOOD[:-1] + ("B" if GOOD[-1] == "A" else chr(ord(GOOD[-1]) + 1)),
    "signature of zeros": f"{H}.{P}.{encoded(bytes(64))}",
    "padded": f"{H}.{P}.{S}==",
    "plain base64": GOOD.replace("-", "+").replace("_", "/") + "+",
    "with a space": GOOD + " ",
    "with a line feed": GOOD + "\n",
    "two parts": f"{H}.{P}",
    "four parts": GOOD + ".x",
    "five parts (JWE)": f"{H}.{P}.{S}.{P}.{S}",
    "no parts": "nonsense",
    "empty": "",
    "dots": "..",
    "very long": f"{H}.{'A' * 5000}.{S}",
    "nested deep": f"{encoded(b'[' * 380)}.{P}.{S}",
    "other letters": "é" + GOOD,
}  # fmt: skip


class TestAccessTokens:
    def test_reads_its_own_tokens(self):
        claims = AccessClaims(user_id=USER, session_id=SESSION, expires_at=NOON + timedelta(minutes=15))

        token = the_tokens().issue(claims, now=NOON)

        assert the_tokens().verify(token, now=NOON) == claims

    def test_says_who_and_until_when_and_nothing_about_rights(self):
        claims = AccessClaims(user_id=USER, session_id=SESSION, expires_at=NOON + timedelta(minutes=15))

        token = the_tokens().issue(claims, now=NOON)

        header, body, _ = (urlsafe_b64decode(part + "==") for part in token.split("."))
        assert json.loads(header) == HEADER
        assert json.loads(body).keys() == {"iss", "aud", "sub", "sid", "jti", "iat", "exp"}

    def test_makes_no_token_twice(self):
        claims = AccessClaims(user_id=USER, session_id=SESSION, expires_at=NOON + timedelta(minutes=15))

        assert the_tokens().issue(claims, now=NOON) != the_tokens().issue(claims, now=NOON)

    @pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
    def test_refuses(self, token):
        with pytest.raises(InvalidCredentials):
            the_tokens().verify(token, now=NOON)

    @pytest.mark.parametrize("seconds", [0, 899, -5])
    def test_takes_a_good_one_of_whatever_making(self, seconds):
        assert the_tokens().verify(GOOD, now=NOON + timedelta(seconds=seconds)).user_id == USER

    @pytest.mark.parametrize("seconds", [900, 901, 10**6])
    def test_tells_when_its_time_is_over(self, seconds):
        with pytest.raises(TokenExpired):
            the_tokens().verify(GOOD, now=NOON + timedelta(seconds=seconds))

    def test_reads_tokens_of_an_earlier_key(self):
        tokens = the_tokens(seed=bytes(range(1, 33)), earlier_seeds=[SEED])

        assert tokens.verify(GOOD, now=NOON).user_id == USER
        with pytest.raises(InvalidCredentials):
            the_tokens(seed=bytes(range(1, 33))).verify(GOOD, now=NOON)

    def test_names_its_key_by_the_thumbprint(self):
        # RFC 8037, appendix A.3.
        seed = urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")

        assert key_id(Ed25519PrivateKey.from_private_bytes(seed).public_key()) == (
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        )


class TestRefreshTokens:
    def test_makes_a_chain_that_only_the_server_can_follow(self):
        chains = ChainedRefreshTokens(b"s" * 32, SystemChance())
        others = ChainedRefreshTokens(b"t" * 32, SystemChance())
        first = chains.first(SESSION)

        second = chains.successor(first)

        assert second == chains.successor(chains.read(first.text))
        assert second.secret not in {first.secret, others.successor(first).secret, sha256(first.secret).digest()}
        assert second.session_id == SESSION
        with pytest.raises(InvalidCredentials):
            others.read(first.text)

    def test_starts_each_chain_by_chance(self):
        chains = ChainedRefreshTokens(b"s" * 32, SystemChance())

        assert chains.first(SESSION).secret != chains.first(SESSION).secret
        assert len(chains.first(SESSION).secret) == 32

    def test_reads_no_text_with_any_letter_changed(self):
        chains = ChainedRefreshTokens(b"s" * 32, SystemChance())
        text = chains.first(SESSION).text

        for place in range(len(text)):
            other = "A" if text[place] != "A" else "B"
            with pytest.raises(InvalidCredentials):
                chains.read(text[:place] + other + text[place + 1 :])

    def test_shows_no_secret(self):
        token = ChainedRefreshTokens(b"s" * 32, SystemChance()).first(SESSION)

        assert token.text not in repr(token)
        assert repr(token.secret) not in repr(token)
        assert replace(token, secret=b"x").digest != token.digest


class TestPasswords:
    async def test_knows_the_password_again_whole(self):
        passwords = Argon2Passwords()
        long = "ключ🔑" * 30

        stored = await passwords.hash(long)

        assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert await passwords.verify(long, stored)
        assert not await passwords.verify(long[:-1], stored)
        assert not await passwords.verify(long.upper(), stored)
        passwords.close()

    async def test_salts_every_hash(self):
        passwords = Argon2Passwords()

        assert await passwords.hash("the same one") != await passwords.hash("the same one")
        passwords.close()

    async def test_answers_no_for_nobody_and_for_nonsense(self):
        passwords = Argon2Passwords()

        assert not await passwords.verify("anything", None)
        assert not await passwords.verify("anything", "not a hash")
        assert not await passwords.verify("broken \ud800", None)
        passwords.close()

    def test_knows_outdated_hashes(self):
        passwords = Argon2Passwords()
        weak = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ"

        assert passwords.is_outdated(weak)
        passwords.close()

    async def test_refuses_beyond_its_queue_and_recovers(self):
        passwords = Argon2Passwords(threads=1, longest_queue=2)

        found = await asyncio.gather(*[passwords.hash("x" * 9) for _ in range(6)], return_exceptions=True)

        assert [isinstance(each, ProviderUnavailable) for each in found] == [False] * 3 + [True] * 3
        assert await passwords.hash("again and again")
        passwords.close()

    async def test_leaves_the_loop_free(self):
        passwords = Argon2Passwords(longest_queue=16)
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.001)
                ticks += 1

        ticking = asyncio.create_task(tick())
        await asyncio.gather(*[passwords.hash("x" * 9) for _ in range(8)])
        ticking.cancel()

        assert ticks > 10
        passwords.close()
