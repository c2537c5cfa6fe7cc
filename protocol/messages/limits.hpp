// Every size and count that bounds the product, in one place. Each has a test that goes one over.
// Bytes unless the name says otherwise. Settings may lower some; nothing raises them at run time.
#pragma once

#include <chrono>
#include <cstddef>

namespace runbook::limits {

// HTTP and REST (CONTRACT §3, SECURITY S42)
inline constexpr std::size_t kHttpHeaderBytes = 16 * 1024;
inline constexpr std::size_t kHttpBodyBytes = 1024 * 1024;
inline constexpr std::size_t kHttpDocumentBodyBytes = 2 * 1024 * 1024 + 64 * 1024;  // a draft, escaped
inline constexpr std::size_t kHttpDrainBytes = 64 * 1024 * 1024;
inline constexpr std::chrono::seconds kHttpDrainTime{5};
inline constexpr std::chrono::seconds kHttpHeaderTime{10};
inline constexpr std::chrono::seconds kHttpBodyTime{30};
inline constexpr std::chrono::seconds kHttpIdleTime{75};
inline constexpr std::size_t kHttpConnections = 10'000;             // of the public listener
inline constexpr std::size_t kHttpConnectionsPerAddress = 5000;     // an IPv6 /64 counts as one
inline constexpr std::size_t kAgentConnections = 20'000;            // of the agents' listener
inline constexpr std::size_t kAgentConnectionsPerAddress = 20'000;  // a whole site may stand behind one
inline constexpr std::size_t kHandshakes = 64;                      // TLS handshakes at once; more wait
inline constexpr std::size_t kHandshakesPerAddress = 16;
inline constexpr std::size_t kJsonDepth = 64;
inline constexpr std::size_t kPageItemsDefault = 50;
inline constexpr std::size_t kPageItemsMax = 500;
inline constexpr std::size_t kFaults = 500;  // named in one answer
inline constexpr std::size_t kIdempotencyKeyBytes = 255;
inline constexpr std::size_t kNameBytes = 200;  // of blocks, keys and people
inline constexpr std::size_t kKeyRoles = 32;    // of one key: a role may be there once for each scope
inline constexpr std::size_t kReasonBytes = 1000;
inline constexpr std::size_t kGuesses = 10;  // wrong keys or tokens a minute and address; then 429
inline constexpr std::size_t kGuessAddresses = 10'000;
inline constexpr std::size_t kProvenSecrets = 10'000;      // still taken from an address that guesses
inline constexpr std::size_t kAuditRefusalsOfNobody = 20;  // told one by one, a minute and address
inline constexpr std::size_t kAuditRefusalsOfKey = 600;    // told one by one, a minute and key
inline constexpr std::size_t kAuditRefusalSources = 1000;  // addresses and keys, a minute
inline constexpr std::size_t kNoteBytes = 10'000;

// WebSockets (agents and browsers)
inline constexpr std::size_t kWebSocketMessageBytes = 1024 * 1024;
inline constexpr std::size_t kOutboxBytes = 8 * 1024 * 1024;

// Output (RELIABILITY, starting numbers)
inline constexpr std::size_t kFrameDataBytes = 64 * 1024;
inline constexpr std::size_t kAttemptInFlightBytes = 1024 * 1024;
inline constexpr std::size_t kAgentInFlightBytes = 8 * 1024 * 1024;

// Credentials
inline constexpr std::size_t kCredentialNameBytes = 64;
inline constexpr std::size_t kCredentialBytes = 64 * 1024;
inline constexpr std::size_t kBlockCredentials = 20;           // of one command
inline constexpr std::size_t kMaskedBytesLeast = 6;            // shorter secrets are not masked
inline constexpr std::size_t kEncodedSecretBytes = 16 * 1024;  // of longer ones encoded forms are not masked

// Runbooks
inline constexpr std::size_t kTitleBytes = 200;
inline constexpr std::size_t kDraftBytes = 1024 * 1024;  // as much as can be saved
inline constexpr std::size_t kDescriptionBytes = 64 * 1024;
inline constexpr std::size_t kBlocks = 1000;
inline constexpr std::size_t kParameters = 100;
inline constexpr std::size_t kParameterValueBytes = 100 * 1024;
inline constexpr std::size_t kLabels = 64;
inline constexpr std::size_t kLabelKeyBytes = 317;  // Kubernetes: 253 prefix, '/', 63 name
inline constexpr std::size_t kLabelValueBytes = 63;
inline constexpr std::size_t kSlugBytes = 64;
inline constexpr std::size_t kParameterNameBytes = 64;
inline constexpr std::size_t kPatternBytes = 1000;
inline constexpr std::size_t kChoices = 1000;
inline constexpr std::size_t kArguments = 1000;
inline constexpr std::size_t kEnvironmentVariables = 200;
inline constexpr std::size_t kAllowWords = 100;     // of one command
inline constexpr std::size_t kPolicyEntries = 200;  // of each list of the command policy
inline constexpr std::size_t kShellNesting = 100;   // substitutions in each other that the policy reads
inline constexpr std::size_t kPolicyTexts = 8;      // shell texts in each other: sh -c 'sh -c …'
inline constexpr std::size_t kSelectorBytes = 4096;
inline constexpr std::size_t kTargetHosts = 10'000;
inline constexpr std::size_t kPathBytes = 4096;
inline constexpr std::size_t kVersionMessageBytes = 1000;
inline constexpr std::size_t kExpressionBytes = 16 * 1024;
inline constexpr std::size_t kUrlBytes = 8 * 1024;        // with its query, values in place
inline constexpr std::size_t kApiFields = 100;            // headers, or members of the query, of a request
inline constexpr std::size_t kApiHeaderBytes = 8 * 1024;  // of one value
inline constexpr std::size_t kExpectedStatuses = 100;
inline constexpr std::size_t kApprovals = 100;                 // of different people, for one command
inline constexpr std::size_t kRetries = 10;                    // after the first try
inline constexpr std::size_t kVariableBytes = 120 * 1024;      // NAME=value; Linux allows 128 KiB
inline constexpr std::size_t kEnvironmentBytes = 512 * 1024;   // of all variables of a command together
inline constexpr std::size_t kPlaceholders = 200;              // in one text
inline constexpr std::size_t kBlockPlaceholders = 1000;        // in all texts of a block
inline constexpr std::size_t kRenderedBytes = 1024 * 1024;     // of a text with its values in place
inline constexpr std::size_t kFrozenBytes = 16 * 1024 * 1024;  // substituted in all steps of an execution
inline constexpr std::size_t kInlineScriptBytes = 64 * 1024;   // a longer script travels as a file

// Execution answers
inline constexpr std::size_t kInlineOutputBytes = 64 * 1024;
inline constexpr std::size_t kInlineHosts = 200;

// Links (RELIABILITY, starting numbers)
inline constexpr std::chrono::seconds kPingInterval{5};
inline constexpr std::chrono::seconds kPeerDeadAfter{15};
inline constexpr std::chrono::seconds kTcpUserTimeout{10};
inline constexpr std::chrono::milliseconds kReconnectFirst{500};
inline constexpr std::chrono::seconds kReconnectMax{30};

// Steps
inline constexpr std::chrono::seconds kStepTimeoutDefault{3600};
inline constexpr std::chrono::seconds kStepTimeoutMax{7 * 24 * 3600};
inline constexpr std::chrono::seconds kApiTimeoutMax{3600};
inline constexpr std::chrono::seconds kTimerMax{30 * 24 * 3600};
inline constexpr std::chrono::seconds kStopGraceDefault{10};
inline constexpr std::chrono::seconds kStopGraceMax{3600};
inline constexpr std::chrono::seconds kApprovalLifeDefault{3600};
inline constexpr std::chrono::seconds kApprovalLifeMax{7 * 24 * 3600};
inline constexpr std::chrono::seconds kStopConfirm{5};
inline constexpr std::chrono::seconds kOutputDrain{5};

// API blocks: what is read of an answer, and how requests are sent
inline constexpr std::size_t kApiResponseBytes = 1024 * 1024;
inline constexpr std::size_t kApiResponseHeaderBytes = 64 * 1024;
inline constexpr std::size_t kApiThreads = 32;  // requests under way at once; more wait
inline constexpr int kApiRedirects = 5;
inline constexpr std::chrono::seconds kApiConnectTime{10};

// Agents
inline constexpr std::size_t kAgentAttempts = 256;      // commands running at once on one agent
inline constexpr std::size_t kAgentRecords = 4096;      // attempts an agent keeps until they are closed
inline constexpr std::size_t kClosedAttempts = 10'000;  // ids an agent remembers, never to start them again
inline constexpr std::chrono::seconds kClockDifference{60};  // by which an agent's clock may differ unnoticed
inline constexpr std::chrono::seconds kAgentStopGrace{5};    // of a command when its agent is stopped

// Enrolment
inline constexpr std::chrono::hours kEnrolmentTokenLife{1};
inline constexpr std::chrono::hours kAgentCertificateLife{24 * 30};

// Identity of agents that have one. Of renewals within the window; a failed one is tried again after half as
// much to half more than the pause.
inline constexpr std::size_t kAgentRenewals = 6;
inline constexpr std::chrono::hours kAgentRenewalWindow{1};
inline constexpr std::chrono::hours kAgentRenewalPause{1};
inline constexpr std::chrono::seconds kRevocationPoll{2};  // for what other controllers revoked
inline constexpr std::size_t kFleetAuthorities = 8;        // trusted at once

// A host's own policy (agent.yaml)
inline constexpr std::size_t kHostPolicyBytes = 64 * 1024;
inline constexpr std::size_t kHostPolicyEntries = 1000;     // of one of its lists
inline constexpr std::size_t kHostPolicyEntryBytes = 4096;  // of one entry

}  // namespace runbook::limits
