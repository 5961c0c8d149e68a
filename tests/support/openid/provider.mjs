// A certified OpenID provider for tests: invented clerks, any password, nothing kept.
// Takes its settings as JSON on the command line, and says on stdout when it is open.
import Provider from "oidc-provider";

const { port, client, clerks, keys } = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys },
  cookies: { keys: ["for tests only"] },
  claims: { openid: ["sub"], profile: ["name", "roles"] },
  conformIdTokenClaims: false, // claims stand in the id token, as most authorities set it up
  clientDefaults: { id_token_signed_response_alg: client.id_token_signed_response_alg },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  async findAccount(_context, id) {
    const known = clerks[id] ?? {};
    return { accountId: id, claims: async () => ({ sub: id, ...known }) };
  },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 600 },
});

const server = provider.listen(port, "127.0.0.1", () => {
  console.log(`open at ${issuer}`);
});
process.on("SIGTERM", () => server.close(() => process.exit(0)));
