"""Bodies and people: the 43 forces, the national bodies, who may do what, and the audit trail."""
