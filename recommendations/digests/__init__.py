"""Mail: who gets what and when (`readers`, `ledger`, `at_once`), what it says (`contents`, `body`,
`national`, `notices`, `events`), its words (`rendering`, `personal`), and its way out (`outbox`,
`smtp`, `notify`). Design, rule 8 and section 8; docs/decisions/0008.
"""
