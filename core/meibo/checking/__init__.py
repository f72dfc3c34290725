"""The periodic check (定期照会): what the register holds of its holders, compared with what outside registries tell."""
