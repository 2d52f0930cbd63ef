curl -X 'GET' \
  'http://localhost/webapi/v3/jobs/66ebd18d3d6200007e000d8c?includeMessages=true' \
  -H 'accept: application/json' \
  -H 'authorization: Bearer BearerTokenGoesHere'
