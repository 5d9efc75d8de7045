// The state: everything the simulated server knows, as plain data that can be written to JSON and read back.

package plesksim

import (
	"encoding/hex"
	"io"
	"strconv"
)

// state is guarded by Server.mu.
type state struct {
	Sequences sequences
	Machine   machine
	Events    eventLog
	Addresses []address // the main one first
	accountState
	secretKeyState
	hostingState
	dnsState
	planState
	mailState
	ftpState
	protectedDirState
	virtualDirState
	databaseState
	serverState
	uiState
	apsState
	certificateState
	sessionState
	extensionState
	languageState

	entropy io.Reader
}

// sequences are the last ids given; ids are never reused (protocol-core §5).
type sequences struct {
	Account int64 // administrator, resellers and customers
	Domain  int64 // main sites (whose id is the webspace's too), add-on sites, subdomains
	Alias   int64
	Plan    int64 // all kinds of plans
	Event   int64
}

func newState(entropy io.Reader) *state {
	s := &state{entropy: entropy}
	s.accountState = newAccountState()
	s.secretKeyState = newSecretKeyState()
	s.hostingState = newHostingState()
	s.dnsState = newDNSState()
	s.planState = newPlanState(s.Webspaces)
	s.mailState = newMailState()
	s.ftpState = newFTPState()
	s.protectedDirState = newProtectedDirState()
	s.virtualDirState = newVirtualDirState()
	s.databaseState = newDatabaseState()
	s.serverState = newServerState()
	s.uiState = newUIState()
	s.apsState = newAPSState()
	s.certificateState = newCertificateState()
	return s
}

// next counts a sequence on and returns the new id.
func next(sequence *int64) int64 {
	*sequence++
	return *sequence
}

// newGUID makes a version 4 UUID in lower case.
func (s *state) newGUID() string {
	b := s.random(16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func (s *state) newPassword(password string) secret {
	return newSecret(hex.EncodeToString(s.random(8)), password)
}

func (s *state) random(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.entropy, b); err != nil {
		panic("plesksim: Options.Rand: " + err.Error())
	}
	return b
}

// idKey is an id as an index key; there is no object 0.
func idKey(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
