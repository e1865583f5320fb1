"""What webhooks are told: goals reached, new struggles, alerts, reports sent; each found once, and written as JSON."""
