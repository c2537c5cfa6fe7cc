// How a secret may look in an output or an answer: as it is and as programs commonly write it. Best effort by
// nature: what a command computes from a secret is not among them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runbook {

struct SecretForms {
  std::vector<std::string> exact;    // as it is, its lines, URL, JSON and shell escapes
  std::vector<std::string> wrapped;  // base64, hex and one line: programs break them into lines
};

// Nothing for secrets, and lines of them, shorter than limits::kMaskedBytesLeast. Secrets longer than
// limits::kEncodedSecretBytes are looked for as they are and by their lines only.
SecretForms forms_of(std::string_view secret);

}  // namespace runbook
