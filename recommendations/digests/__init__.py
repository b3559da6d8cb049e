"""Mail: who gets what and when (`ledger`, `at_once`; `recommendations.readers`), what it says
(`contents`, `body`, `national`, `notices`, `events`), its words (`rendering`, `personal`), and its
way out (`endings`, `outbox`, `smtp`, `notify`). Design, rule 8 and section 8; docs/decisions/0014.
"""
