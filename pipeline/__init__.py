"""squiggle: real customer journeys, reconstructed from exported event logs."""
