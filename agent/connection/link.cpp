namespace runbook {}
