"""Emails: who gets what and when (`ledger`, `at_once`; `recommendations.readers`), what they say
(`contents`, `body`, `national`, `notices`, `events`), their text (`rendering`, `personal`), and
sending (`endings`, `outbox`, `smtp`, `notify`). Design, rule 8 and section 8; docs/decisions/0014.
"""
