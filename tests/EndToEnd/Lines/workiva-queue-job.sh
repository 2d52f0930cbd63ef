curl -X GET https://api.app.wdesk.com/spreadsheets/v1/queue-jobs/{jobId} \
    -H 'Accept: application/json' \
    -H 'Authorization: Bearer {access-token}' \
    -H 'X-Version: 2022-01-01'
