"""What stands in the audit, in words."""

from typing import Final

from hub.audit.act import Did
from hub.pages.marking import N_

ACTS: Final = {
    Did.CASE_OPENED: N_("case opened"),
    Did.LETTER_REVEALED: N_("refused event uncovered"),
    Did.LETTER_REPLAYED: N_("refused event sent again"),
    Did.LETTER_DISCARDED: N_("refused event put aside"),
    Did.SIGNED_IN: N_("signed in"),
    Did.SIGN_IN_FAILED: N_("sign-in failed"),
    Did.ACCOUNT_ADDED: N_("account added"),
    Did.ACCOUNT_LOCKED: N_("account locked"),
    Did.ACCOUNT_UNLOCKED: N_("account unlocked"),
    Did.ACCOUNT_REMOVED: N_("account removed"),
    Did.PASSWORD_CHANGED: N_("password changed"),
    Did.ROLE_CHANGED: N_("role changed"),
    Did.TOPICS_APPLIED: N_("topics changed"),
    Did.USERS_APPLIED: N_("users of the broker changed"),
    Did.OFFSETS_RESET: N_("reader moved"),
    Did.STATE_REBUILT: N_("memory rebuilt"),
    Did.SECRETS_MADE: N_("secrets made"),
    Did.TOKEN_MADE: N_("token made"),
    Did.TOKEN_REVOKED: N_("token taken back"),
    Did.PARTY_ADDED: N_("party added"),
    Did.PARTY_ROTATED: N_("keys of the party changed"),
    Did.PARTY_SUSPENDED: N_("party suspended"),
    Did.PARTY_REMOVED: N_("party removed"),
    Did.SUBJECT_ERASED: N_("data of a person erased"),
    Did.SUBJECT_REPORTED: N_("data of a person reported"),
    Did.VAULT_REWRAPPED: N_("keys of cases wrapped anew"),
    Did.BROKEN_OFF: N_("broken off"),
}
