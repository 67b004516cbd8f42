// A certified OpenID provider (panva's oidc-provider) with invented people and Keycloak's claims, for tests of signing in.
// It can be told to misbehave at the token endpoint, with its own key: POST /test/misbehave?how=audience|expired|nonce|issuer|no-sub|old|down|none.
// Whether a browser still has a session here is told by GET /test/session. CONFIG in the environment is JSON.
import Provider from 'oidc-provider';
import { SignJWT, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK } from 'jose';

const { port, client_id, client_secret, redirect_uri, accounts } = JSON.parse(process.env.CONFIG);
const issuer = `http://localhost:${port}`;

const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const jwk = { ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256', kid: 'test' };

const profile = ['name', 'preferred_username', 'resource_access', 'roles', 'groups'];
const provider = new Provider(issuer, {
  jwks: { keys: [jwk] },
  clients: [{
    client_id, client_secret, redirect_uris: [redirect_uri], post_logout_redirect_uris: [redirect_uri],
    grant_types: ['authorization_code'], response_types: ['code'],
  }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile },
  conformIdTokenClaims: false,  // as Keycloak with its mappers: the claims are in the ID token
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_ctx, id) => accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
  cookies: { keys: ['only for tests'] },
  ttl: { Session: 3600, Grant: 3600, Interaction: 3600, AccessToken: 3600, IdToken: 3600 },
});

let misbehaviour = 'none';
const lie = {
  none: (claims) => claims,
  audience: (claims) => ({ ...claims, aud: 'another-application', azp: client_id }),
  expired: (claims) => ({ ...claims, iat: claims.iat - 7200, exp: claims.iat - 3600 }),
  nonce: (claims) => ({ ...claims, nonce: 'of-another-sign-in' }),
  issuer: (claims) => ({ ...claims, iss: 'http://localhost/another' }),
  'no-sub': ({ sub: _sub, ...claims }) => claims,
  old: (claims) => ({ ...claims, iat: claims.iat - 25 * 3600 }),
};

async function resigned(token, change) {
  const key = await importJWK(jwk, 'RS256');
  return new SignJWT(change(decodeJwt(token))).setProtectedHeader(decodeProtectedHeader(token)).sign(key);
}

provider.use(async (ctx, next) => {
  if (ctx.path === '/test/misbehave') {
    misbehaviour = ctx.query.how;
    ctx.body = 'ok';
    return;
  }
  if (ctx.path === '/test/account') {  // changes what is said of somebody from now on
    accounts[ctx.query.id] = JSON.parse(ctx.query.claims);
    ctx.body = 'ok';
    return;
  }
  if (ctx.path === '/test/session') {
    const session = await provider.Session.get(ctx);
    ctx.body = session?.accountId ?? 'nobody';
    return;
  }
  if (misbehaviour === 'down' && ctx.path.startsWith('/.well-known/')) {
    ctx.status = 503;
    return;
  }
  await next();
  if (ctx.path === '/token' && ctx.body?.id_token) {
    ctx.body.id_token = await resigned(ctx.body.id_token, lie[misbehaviour] ?? lie.none);
  }
});

provider.listen(port, 'localhost', () => console.log('ready'));
