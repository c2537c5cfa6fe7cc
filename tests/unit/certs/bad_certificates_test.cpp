// Certificates that must not open anything: a client's on the agent listener (what the database would say
// left aside), and a server's on an agent. One table each.
#include <gtest/gtest.h>

#include "tests/unit/certs/forged_certificates.hpp"
#include "tests/unit/certs/handshake.hpp"

namespace runbook::certs {
namespace {

using Made = std::function<Leaf(const Forger& fleet, const Forger& stranger)>;

struct Case {
  const char* name;
  Made made;
};

Shape named(std::function<void(GENERAL_NAMES&)> names) {
  Shape shape;
  shape.names = std::move(names);
  return shape;
}

Shape named(const std::string& uri) {
  return named([uri](GENERAL_NAMES& all) { add_text_name(all, GEN_URI, uri); });
}

Shape used(const char* usage) {
  Shape shape;
  shape.usage = usage;
  return shape;
}

Shape authority_like() {
  Shape shape;
  shape.constraints = "critical,CA:TRUE";
  shape.key_usage = "critical,keyCertSign,cRLSign";
  shape.usage = nullptr;
  return shape;
}

Leaf self_signed(const char* common_name) {
  const KeyPtr key = new_p256_key();
  CertificateBuilder builder;
  builder.subject(common_name);
  builder.life(now() - std::chrono::hours{1}, now() + std::chrono::hours{1});
  builder.public_key(key.get());
  builder.extension(NID_basic_constraints, "critical,CA:FALSE");
  builder.extension(NID_key_usage, "critical,digitalSignature");
  builder.extension(NID_ext_key_usage, "clientAuth");
  builder.extension(NID_subject_key_identifier, "hash");
  builder.extension(NID_authority_key_identifier, "keyid:always");
  const NamesPtr names = no_names();
  add_uri(*names, agent_uri(kForgedAgent));
  builder.names(names.get());
  return {to_pem(builder.sign(key.get()).get()), to_pem(key.get())};
}

// The fleet's name and key identifier, another's key.
Leaf of_a_namesake(const Forger& fleet, const Forger& stranger) {
  const KeyPtr key = new_p256_key();
  const CertificatePtr made = fleet.made({}, key.get(), fleet.certificate(), stranger.key());
  return {to_pem(made.get()), to_pem(key.get())};
}

Leaf with_key(const Forger& fleet, const KeyPtr& key) {
  return {to_pem(fleet.made({}, key.get()).get()), to_pem(key.get())};
}

KeyPtr rsa(unsigned bits) { return KeyPtr(EVP_RSA_gen(bits)); }

Leaf version_1(const Forger& fleet) {
  return fleet.changed({}, [](X509& certificate) {
    while (X509_get_ext_count(&certificate) > 0) X509_EXTENSION_free(X509_delete_ext(&certificate, 0));
    X509_set_version(&certificate, X509_VERSION_1);
  });
}

void flip_last(std::string& der) { der.back() = static_cast<char>(der.back() ^ 1); }

void change_agent(std::string& der) {
  const auto at = der.find(kForgedAgent.str());
  der[at] = der[at] == '1' ? '2' : '1';
}

const std::string kUri = agent_uri(kForgedAgent);

const std::vector<Case>& bad_lives_and_signers() {
  static const std::vector<Case> cases = {
      {"expired", [](auto& f, auto&) { return f.leaf({.until = now() - std::chrono::minutes{1}}); }},
      {"not valid yet", [](auto& f, auto&) { return f.leaf({.from = now() + std::chrono::minutes{30}}); }},
      {"ends before it begins",
       [](auto& f, auto&) {
         return f.leaf({.from = now() + std::chrono::hours{1}, .until = now() - std::chrono::hours{1}});
       }},
      {"of another authority", [](auto&, auto& s) { return s.leaf({}); }},
      {"of another authority with the fleet's name", of_a_namesake},
      {"signed by itself", [](auto&, auto&) { return self_signed("agent"); }},
      {"signed by itself in the authority's name",
       [](auto&, auto&) { return self_signed("Runbook Studio fleet authority"); }},
      {"the authority itself", [](auto& f, auto&) { return Leaf{to_pem(f.certificate()), to_pem(f.key())}; }},
      {"issued by an agent", [](auto& f, auto&) { return f.below({}, {}); }},
      {"issued by an authority below the fleet's",
       [](auto& f, auto&) { return f.below(authority_like(), {}); }},
      {"issuer's name of another",
       [](auto& f, auto&) {
         return f.changed({}, [](X509& made) { X509_set_issuer_name(&made, X509_get_subject_name(&made)); });
       }},
      {"issuer's key identifier of another",
       [](auto& f, auto&) {
         return f.changed({}, [](X509& made) {
           remove_extension(made, NID_authority_key_identifier);
           add_extension(made, NID_authority_key_identifier, "keyid:always");
         });
       }},
      {"SHA-1", [](auto& f, auto&) { return f.changed({}, [](X509&) {}, EVP_sha1()); }},
      {"version 1", [](auto& f, auto&) { return version_1(f); }},
      {"version 1 with extensions",
       [](auto& f, auto&) {
         return f.changed({}, [](X509& made) { X509_set_version(&made, X509_VERSION_1); });
       }},
      {"signature changed", [](auto& f, auto&) { return f.tampered({}, flip_last); }},
      {"agent changed after signing", [](auto& f, auto&) { return f.tampered({}, change_agent); }},
      {"RSA 1024", [](auto& f, auto&) { return with_key(f, rsa(1024)); }},
      {"P-192", [](auto& f, auto&) { return with_key(f, KeyPtr(EVP_EC_gen("prime192v1"))); }},
  };
  return cases;
}

const std::vector<Case>& bad_purposes() {
  static const std::vector<Case> cases = {
      {"no purpose", [](auto& f, auto&) { return f.leaf(used(nullptr)); }},
      {"a server's", [](auto& f, auto&) { return f.leaf(used("serverAuth")); }},
      {"any purpose", [](auto& f, auto&) { return f.leaf(used("anyExtendedKeyUsage")); }},
      {"client and server", [](auto& f, auto&) { return f.leaf(used("clientAuth,serverAuth")); }},
      {"client and any", [](auto& f, auto&) { return f.leaf(used("clientAuth,anyExtendedKeyUsage")); }},
      {"for signing code", [](auto& f, auto&) { return f.leaf(used("codeSigning")); }},
      {"an authority as a leaf", [](auto& f, auto&) { return f.leaf({.constraints = "critical,CA:TRUE"}); }},
      {"an authority that may sign", [](auto& f, auto&) { return f.leaf(authority_like()); }},
      {"a key for certificates only",
       [](auto& f, auto&) { return f.leaf({.key_usage = "critical,keyCertSign"}); }},
      {"a key for encryption only",
       [](auto& f, auto&) { return f.leaf({.key_usage = "critical,keyEncipherment"}); }},
      {"something critical nobody knows", [](auto& f, auto&) { return f.changed({}, add_unknown_critical); }},
      {"a proxy", [](auto& f, auto&) { return f.changed({}, add_proxy_info); }},
  };
  return cases;
}

const std::vector<Case>& bad_names() {
  static const std::vector<Case> cases = {
      {"no name", [](auto& f, auto&) { return f.leaf({.common_name = kForgedAgent.str(), .named = false}); }},
      {"empty name", [](auto& f, auto&) { return f.leaf(named("")); }},
      {"NUL after the agent",
       [](auto& f, auto&) { return f.leaf(named(kUri + std::string("\0.example", 9))); }},
      {"NUL within the agent",
       [](auto& f, auto&) {
         auto uri = kUri;
         uri[uri.size() - 3] = '\0';
         return f.leaf(named(uri));
       }},
      {"another fleet's scheme",
       [](auto& f, auto&) { return f.leaf(named("spiffe://other/agent/" + kForgedAgent.str())); }},
      {"another kind",
       [](auto& f, auto&) { return f.leaf(named("spiffe://runbook/controller/" + kForgedAgent.str())); }},
      {"no agent", [](auto& f, auto&) { return f.leaf(named("spiffe://runbook/agent/")); }},
      {"capitals",
       [](auto& f, auto&) {
         return f.leaf(named("spiffe://runbook/agent/8B6D4A7E-0C1F-4E2A-9D3B-5F6A7B8C9D0E"));
       }},
      {"a slash after it", [](auto& f, auto&) { return f.leaf(named(kUri + "/")); }},
      {"a query after it", [](auto& f, auto&) { return f.leaf(named(kUri + "?admin=1")); }},
      {"percent-encoded",
       [](auto& f, auto&) {
         return f.leaf(named("spiffe://runbook/agent/%38b6d4a7e-0c1f-4e2a-9d3b-5f6a7b8c9d0e"));
       }},
      {"two agents",
       [](auto& f, auto&) {
         return f.leaf(named([](GENERAL_NAMES& all) {
           add_uri(all, kUri);
           add_uri(all, agent_uri(*Uuid::parse("00000000-0000-4000-8000-000000000001")));
         }));
       }},
      {"a host beside it",
       [](auto& f, auto&) {
         return f.leaf(named([](GENERAL_NAMES& all) {
           add_uri(all, kUri);
           add_dns(all, kControllerName);
         }));
       }},
      {"as a host",
       [](auto& f, auto&) {
         return f.leaf(named([](GENERAL_NAMES& all) { add_dns(all, kForgedAgent.str()); }));
       }},
      {"as an address of mail",
       [](auto& f, auto&) {
         return f.leaf(named([](GENERAL_NAMES& all) { add_text_name(all, GEN_EMAIL, kUri); }));
       }},
      {"twice",
       [](auto& f, auto&) {
         return f.changed({}, [](X509& made) {
           add_extension(made, NID_subject_alt_name, "URI:spiffe://runbook/agent/x");
         });
       }},
  };
  return cases;
}

// Presents what it is told and minds nothing: only the other end judges.
SslContext careless_client(const Leaf& leaf) {
  SslContext context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  if (leaf.pem.empty()) return context;
  const auto chain = certificates_from_pem(leaf.pem);
  const KeyPtr key = key_from_pem(leaf.key);
  EXPECT_EQ(SSL_CTX_use_certificate(context.get(), chain.front().get()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey(context.get(), key.get()), 1);
  for (std::size_t i = 1; i < chain.size(); ++i) SSL_CTX_add1_chain_cert(context.get(), chain[i].get());
  return context;
}

SslContext careless_server(const Leaf& leaf) {
  SslContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX_set_security_level(context.get(), 0);
  const auto chain = certificates_from_pem(leaf.pem);
  const KeyPtr key = key_from_pem(leaf.key);
  EXPECT_EQ(SSL_CTX_use_certificate(context.get(), chain.front().get()), 1);
  EXPECT_EQ(SSL_CTX_use_PrivateKey(context.get(), key.get()), 1);
  for (std::size_t i = 1; i < chain.size(); ++i) SSL_CTX_add1_chain_cert(context.get(), chain[i].get());
  return context;
}

class BadCertificates : public testing::Test {
 protected:
  SslContext listener() const {
    return agent_listener(controller_.certificate.pem, controller_.key_pem, authority_.certificate_pem());
  }
  bool accepted(const Leaf& leaf) const {
    const Outcome outcome = connect(listener(), careless_client(leaf));
    return outcome.server && agent_identity(outcome.client_certificate).has_value();
  }
  bool trusted(const Leaf& leaf) const {
    const Leaf own = fleet_.leaf({});
    return connect(careless_server(leaf), agent_link(own.pem, own.key, authority_.certificate_pem())).client;
  }

  FleetAuthority authority_ = FleetAuthority::create();
  FleetAuthority other_ = FleetAuthority::create();
  FleetAuthority::KeyPair controller_ = authority_.issue_controller(now());
  Forger fleet_{authority_};
  Forger stranger_{other_};
};

TEST_F(BadCertificates, OpenNothingOnTheAgentListener) {
  EXPECT_TRUE(accepted(fleet_.leaf({}))) << "the forger cannot make a good one";
  std::size_t run = 0;
  for (const auto* table : {&bad_lives_and_signers(), &bad_purposes(), &bad_names()}) {
    for (const Case& one : *table) {
      EXPECT_FALSE(accepted(one.made(fleet_, stranger_))) << one.name;
      ++run;
    }
  }
  EXPECT_FALSE(accepted({controller_.certificate.pem, controller_.key_pem})) << "the controller's own";
  EXPECT_FALSE(accepted({})) << "none";
  EXPECT_GE(run, 30U);
  RecordProperty("cases", static_cast<int>(run + 2));
}

Shape server(const std::string& dns = std::string(kControllerName)) {
  Shape shape = named([dns](GENERAL_NAMES& all) { add_text_name(all, GEN_DNS, dns); });
  shape.usage = "serverAuth";
  return shape;
}

Shape server_with(void (*change)(Shape&)) {
  Shape shape = server();
  change(shape);
  return shape;
}

const std::vector<Case>& bad_servers() {
  static const std::vector<Case> cases = {
      {"of another authority", [](auto&, auto& s) { return s.leaf(server()); }},
      {"of another authority with the fleet's name",
       [](auto& f, auto& s) {
         const KeyPtr key = new_p256_key();
         return Leaf{to_pem(f.made(server(), key.get(), f.certificate(), s.key()).get()), to_pem(key.get())};
       }},
      {"expired",
       [](auto& f, auto&) {
         return f.leaf(server_with([](Shape& s) { s.until = now() - std::chrono::minutes{1}; }));
       }},
      {"not valid yet",
       [](auto& f, auto&) {
         return f.leaf(server_with([](Shape& s) { s.from = now() + std::chrono::minutes{30}; }));
       }},
      {"another name", [](auto& f, auto&) { return f.leaf(server("controller.example.org")); }},
      {"a name that begins like it",
       [](auto& f, auto&) { return f.leaf(server("controller.runbook.internal.example.org")); }},
      {"a name that ends like it",
       [](auto& f, auto&) { return f.leaf(server("x.controller.runbook.internal")); }},
      {"a wildcard", [](auto& f, auto&) { return f.leaf(server("*.runbook.internal")); }},
      {"a partial wildcard", [](auto& f, auto&) { return f.leaf(server("c*.runbook.internal")); }},
      {"NUL in the name",
       [](auto& f, auto&) {
         return f.leaf(server(std::string(kControllerName) + std::string("\0.example.org", 13)));
       }},
      {"the name in its subject only",
       [](auto& f, auto&) {
         return f.leaf(server_with([](Shape& s) {
           s.common_name = kControllerName;
           s.named = false;
         }));
       }},
      {"an address only",
       [](auto& f, auto&) {
         return f.leaf(server_with([](Shape& s) {
           s.common_name = kControllerName;
           s.names = [](GENERAL_NAMES& all) { add_address(all, "127.0.0.1"); };
         }));
       }},
      {"an agent's", [](auto& f, auto&) { return f.leaf({}); }},
      {"an agent's with the name",
       [](auto& f, auto&) { return f.leaf(server_with([](Shape& s) { s.usage = "clientAuth"; })); }},
      {"issued by an agent", [](auto& f, auto&) { return f.below({}, server()); }},
      {"issued by an authority below the fleet's",
       [](auto& f, auto&) { return f.below(authority_like(), server()); }},
      {"an authority as a leaf",
       [](auto& f, auto&) {
         return f.leaf(server_with([](Shape& s) { s.constraints = "critical,CA:TRUE"; }));
       }},
      {"signed by itself", [](auto&, auto&) { return self_signed("controller.runbook.internal"); }},
      {"SHA-1", [](auto& f, auto&) { return f.changed(server(), [](X509&) {}, EVP_sha1()); }},
      {"something critical nobody knows",
       [](auto& f, auto&) { return f.changed(server(), add_unknown_critical); }},
      {"version 1", [](auto& f, auto&) { return version_1(f); }},
      {"signature changed", [](auto& f, auto&) { return f.tampered(server(), flip_last); }},
      {"RSA 1024",
       [](auto& f, auto&) {
         const KeyPtr key = rsa(1024);
         return Leaf{to_pem(f.made(server(), key.get()).get()), to_pem(key.get())};
       }},
  };
  return cases;
}

TEST_F(BadCertificates, AreNoControllersToAnAgent) {
  EXPECT_TRUE(trusted(fleet_.leaf(server()))) << "the forger cannot make a good one";
  for (const Case& one : bad_servers()) EXPECT_FALSE(trusted(one.made(fleet_, stranger_))) << one.name;
  RecordProperty("cases", static_cast<int>(bad_servers().size()));
}

}  // namespace
}  // namespace runbook::certs
