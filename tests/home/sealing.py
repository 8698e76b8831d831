"""AES in CBC mode with one key and vector, as sessions and sealed answers use it."""

import base64

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


class Seal:
    """Seals and opens; the vector stays the same, which is the protocol's idea, not ours."""

    def __init__(self, key: bytes, iv: bytes) -> None:
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(iv))
        self._padding = padding.PKCS7(128)

    def seal(self, data: bytes) -> bytes:
        """Encrypt it."""
        padder = self._padding.padder()
        encryptor = self._cipher.encryptor()
        return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()

    def open(self, data: bytes) -> bytes:
        """Decrypt it; a ValueError if it was not sealed with this."""
        decryptor = self._cipher.decryptor()
        unpadder = self._padding.unpadder()
        plain = decryptor.update(data) + decryptor.finalize()
        return unpadder.update(plain) + unpadder.finalize()

    def seal_text(self, data: bytes) -> str:
        """Encrypt it, in base64."""
        return base64.b64encode(self.seal(data)).decode()

    def open_text(self, text: str) -> bytes:
        """Decrypt what stands in base64."""
        return self.open(base64.b64decode(text))
