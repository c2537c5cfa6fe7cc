// Sha256: a running SHA-256 (FIPS 180-4) of a byte stream. A value that can be moved.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

namespace runbook::connection {

class Sha256 {
 public:
  Sha256();
  void update(std::string_view data);
  std::string hex() const;  // of everything so far: 64 lower-case digits

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  using Context = std::unique_ptr<EVP_MD_CTX, Free>;
  Context context_;
};

}  // namespace runbook::connection
