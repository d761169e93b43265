"""Values that services give: results of extraction, reports and costs, with their JSON."""
