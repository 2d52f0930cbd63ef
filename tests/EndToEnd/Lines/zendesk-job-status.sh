curl https://{subdomain}.zendesk.com/api/v2/job_statuses/{id}.json \
  -v -u {email_address}:{password}
