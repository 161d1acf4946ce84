"""The invented town of Oeverveen as plain data: who lives there, which companies, what the town hall looks like."""
