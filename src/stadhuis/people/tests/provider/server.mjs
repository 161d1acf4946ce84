// Starts oidc-provider for one test: node server.mjs PORT APP_URL BSN. Only configuration is ours; the protocol is theirs.
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'

const [port, app, bsn] = process.argv.slice(2)
const issuer = `http://localhost:${port}`
const BSN = 'urn:nl-eid-gdi:1.0:id:BSN'
const LOW = 'http://eidas.europa.eu/LoA/low'

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'stadhuis',
      redirect_uris: [`${app}/inloggen/digid/terug`],
      post_logout_redirect_uris: [`${app}/uitgelogd`],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'RS256',
      jwks_uri: `${app}/.well-known/jwks.json`,
      id_token_encrypted_response_alg: 'RSA-OAEP-256',
      id_token_encrypted_response_enc: 'A256GCM',
      backchannel_logout_uri: `${app}/inloggen/digid/afmelden`,
      backchannel_logout_session_required: true
    }
  ],
  acrValues: [LOW, 'http://eidas.europa.eu/LoA/substantial', 'http://eidas.europa.eu/LoA/high'],
  claims: { openid: ['sub', BSN], acr: null, sid: null },
  conformIdTokenClaims: false,
  cookies: { keys: ['only for this test'] },
  features: {
    devInteractions: { enabled: false },
    encryption: { enabled: true },
    backchannelLogout: { enabled: true }
  },
  // By itself it fetches nothing from this machine, and that is where the town hall of the test is.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  findAccount: async (context, id) => ({ accountId: id, claims: async () => ({ sub: id, [BSN]: bsn }) }),
  interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
  loadExistingGrant: async (context) => {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId
    })
    grant.addOIDCScope('openid')
    await grant.save()
    return grant
  },
  pkce: { required: () => true }
})

for (const event of ['grant.error', 'backchannel.error', 'server_error']) {
  provider.on(event, (context, error) => console.error(event, error.message, error.error_description ?? '', error.cause ?? ''))
}

const answer = provider.callback()
createServer(async (request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response)
  const { params } = await provider.interactionDetails(request, response)
  const asked = (params.acr_values ?? LOW).split(' ')[0]
  return provider.interactionFinished(request, response, { login: { accountId: 'noor', acr: asked } })
}).listen(Number(port), 'localhost', () => console.log('ready'))
