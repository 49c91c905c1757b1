"""Secrets at rest: encrypted columns that open only in the row they were sealed for."""

# ruff: noqa: SLF001 - _meta and _base_manager are Django's documented way to its models
import hmac
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.db import models, transaction
from django.db.models.query_utils import DeferredAttribute

from longshore import settings as environment
from longshore.storage.secret_key import derive, master_keys

if TYPE_CHECKING:
    _Field = models.Field["str | Sealed | None", "Sealed"]
else:
    _Field = models.Field


class SealedError(Exception):
    """A stored secret does not open: wrong key, changed bytes, or a row it was not sealed for."""


class Sealed:
    """A secret that shows itself only when asked with `reveal()`."""

    __slots__ = ("_context", "_token")

    def __init__(self, token: str, context: str) -> None:
        self._token = token
        self._context = context

    @classmethod
    def seal(cls, text: str, context: str) -> Self:
        """`context` names the only place where the secret may be opened again."""
        if not text:
            return cls("", context)
        body = json.dumps([context, text]).encode()
        return cls(_cipher(_keys()).encrypt(body).decode(), context)

    def reveal(self) -> str:
        """The secret in clear. Raises SealedError."""
        if not self._token:
            return ""
        try:
            context, text = json.loads(_cipher(_keys()).decrypt(self._token.encode()))
        except (InvalidToken, ValueError):
            raise SealedError(
                f"{self._context} does not open with LONGSHORE_SECRET_KEY; an older key can be"
                " added after a comma."
            ) from None
        if not hmac.compare_digest(str(context), self._context):
            raise SealedError(f"{self._context} holds a secret that was sealed for another row.")
        return str(text)

    def __bool__(self) -> bool:
        return bool(self._token)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sealed):
            return NotImplemented
        return self._token == other._token and self._context == other._context

    def __hash__(self) -> int:
        return hash((self._token, self._context))

    def __repr__(self) -> str:
        return "<sealed>" if self._token else "<empty>"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("A sealed secret is not pickled.")


class _Token(str):
    """Ciphertext on its way between database and row; a plain str assigned to the field is clear
    text instead.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "<sealed>"


class _SealedAttribute(DeferredAttribute):
    """Hands out `Sealed`; clear text assigned to the row stays in memory until it is saved, since
    the row's identity may be set after the secret.
    """

    field: "EncryptedTextField"

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed) or value is None:
            return value
        context = self.field.context_of(instance)
        sealed = (
            Sealed(value, context) if isinstance(value, _Token) else Sealed.seal(value, context)
        )
        instance.__dict__[self.field.attname] = sealed
        return sealed

    def __set__(self, instance: models.Model, value: object) -> None:
        if value is not None and not isinstance(value, str | Sealed):
            raise TypeError(f"{self.field.name} takes text, not {type(value).__name__}.")
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(_Field):
    """Text encrypted with the hub's key and bound to model, field and the row's `secret_context`.

    The model must have a `secret_context` that never changes and exists before the first save,
    such as a UUID with a default (a property may return it). Reading gives `Sealed`.
    """

    descriptor_class = _SealedAttribute
    description = "Encrypted text"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "TextField"

    def context_of(self, instance: models.Model) -> str:
        identity = getattr(instance, "secret_context", None)
        if not identity:
            raise TypeError(f"{type(instance).__name__} needs a secret_context to keep secrets.")
        return f"{instance._meta.label_lower}.{self.attname}:{identity}"

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return None if value is None else _Token(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002, FBT001 - Django's
        value = getattr(model_instance, self.attname)
        if value is None:
            return None
        if value._context != self.context_of(model_instance):
            raise SealedError(
                f"{self.context_of(model_instance)} was given another row's sealed secret; assign"
                " its revealed text."
            )
        return _Token(value._token)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or value == "" or isinstance(value, _Token):
            return value if value is None else str(value)
        raise TypeError(f"{self.name} is written by saving its row and cannot be searched.")

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:  # noqa: ARG002 - Django's
        raise TypeError(f"{self.name} does not go into dumps of rows; back up the database.")

    def formfield(self, **_: Any) -> Any:
        return None


def reseal_all() -> int:
    """Encrypts every stored secret with the current key; returns how many rows were written. Run
    it after a new key was put before the old one, then drop the old one.
    """
    return sum(_reseal(model) for model in apps.get_models() if _secret_fields(model))


def _reseal(model: type[models.Model]) -> int:
    names = _secret_fields(model)
    with transaction.atomic():
        rows = list(model._base_manager.select_for_update())
        for row in rows:
            for name in names:
                sealed = getattr(row, name)
                setattr(row, name, sealed.reveal() if sealed is not None else None)
            row.save(update_fields=names)
    return len(rows)


def _secret_fields(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.fields if isinstance(field, EncryptedTextField)]


def _keys() -> tuple[str, ...]:
    return master_keys(environment.load())


@cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(derive(key, "secrets at rest")) for key in keys])
