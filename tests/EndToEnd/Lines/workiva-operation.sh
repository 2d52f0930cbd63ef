curl -X GET https://api.app.wdesk.com/platform/v1/operations/{operationId} \
    -H 'Accept: application/json' \
    -H 'Authorization: Bearer {access-token}' \
    -H 'X-Version: 2022-01-01'
