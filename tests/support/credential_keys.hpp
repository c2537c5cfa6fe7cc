// The key that seals credentials in tests.
#pragma once

#include "controller/secrets/fernet.hpp"

namespace runbook::testing {

inline secrets::FernetKeys credential_keys() {
  return secrets::FernetKeys::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").value();
}

}  // namespace runbook::testing
