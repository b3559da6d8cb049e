"""Secrets are random, and are stored as a hash."""

import re

from forces import secret_tokens


def test_a_secret_has_256_random_bits_after_its_prefix():
    first, second = secret_tokens.generate(prefix="clt_"), secret_tokens.generate(prefix="clt_")
    assert first != second
    assert re.fullmatch(r"clt_[\w-]{43}", first)


def test_the_hash_is_a_sha_256_in_hexadecimal_digits():
    assert secret_tokens.hash_secret("abc").startswith("ba7816bf8f01cfea")
    assert len(secret_tokens.hash_secret("\ud800")) == 64  # input that UTF-8 cannot encode
