// oauth4webapi from the resource's address alone: who gives its tokens, how, a token by client credentials, the token's own check, and requests with it.
import * as oauth from 'oauth4webapi';
import { say, task } from './task.mjs';

const http = { [oauth.allowInsecureRequests]: true };
const resource = new URL(task.resource);
const client = { client_id: task.clientId };
const { authorization_servers } = await oauth.processResourceDiscoveryResponse(resource, await oauth.resourceDiscoveryRequest(resource, http));
const issuer = new URL(authorization_servers[0]);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...http, algorithm: task.algorithm }));
say({ grants: server.grant_types_supported, methods: server.token_endpoint_auth_methods_supported });

const proof = (task.basic ? oauth.ClientSecretBasic : oauth.ClientSecretPost)(task.secret);
try {
  const response = await oauth.clientCredentialsGrantRequest(server, client, proof, task.scope ? { scope: task.scope } : {}, http);
  const token = await oauth.processClientCredentialsResponse(server, client, response);
  say({ token: { type: token.token_type, scope: token.scope, expires: token.expires_in } });
  const own = new Request(new URL('v1/jobs', resource), { headers: { authorization: `Bearer ${token.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(server, own, task.audience, http);
  say({ claims: { subject: claims.sub, client: claims.client_id } });
  const read = await oauth.protectedResourceRequest(token.access_token, 'GET', new URL('v1/jobs', resource), undefined, undefined, http);
  say({ read: read.status });
  const headers = new Headers({ 'content-type': 'application/json' });
  const written = await oauth.protectedResourceRequest(token.access_token, 'POST', new URL('v1/jobs', resource), headers, '{"type":"answer.find"}', http);
  say({ written: written.status });
} catch (error) {
  const refusal = (status, body) => say({ refused: { status, error: body.error, description: body.error_description } });
  if (error instanceof oauth.ResponseBodyError) refusal(error.status, error.cause);
  else if (error instanceof oauth.WWWAuthenticateChallengeError && error.response.url === server.token_endpoint) refusal(error.status, await error.response.json());
  else if (error instanceof oauth.WWWAuthenticateChallengeError) say({ challenged: { status: error.status, ...error.cause[0].parameters } });
  else throw error;
}
