// Who is calling, and whether they may at all.

package plesksim

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// roles is a set of kinds of callers.
type roles uint8

// The roles, and sets of them that operations name.
const (
	administrator roles = 1 << iota
	reseller
	customerRole

	adminOrReseller = administrator | reseller
	adminOrCustomer = administrator | customerRole
	anyone          = administrator | reseller | customerRole
)

// caller is who sent a packet.
type caller struct {
	account int64  // whose objects are in reach
	login   string // as the event log shows it
	role    roles
	host    string // address of the client
}

// callerOf identifies the caller of an exchange by its headers. A refusal comes with the zero caller.
func (s *Server) callerOf(x *exchange) (caller, *refusal) {
	if s.opts.Disabled || len(s.opts.AllowedIPs) > 0 && !slices.Contains(s.opts.AllowedIPs, x.peer) {
		return caller{}, refuse(xmlapi.CodePermissionDenied, "Access to API is disabled for %s", x.peer)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if who, refused := s.additionalAdministrator(x); who != (caller{}) || refused != nil {
		return who, refused
	}
	a, refused := s.accountOf(x)
	if refused != nil {
		return caller{}, refused
	}
	who := caller{account: a.ID, login: a.Login, role: a.Kind.role(), host: x.peer}
	if who.role != administrator && s.state.statusAt(a, s.opts.Clock()) != statusActive {
		return caller{}, refuse(xmlapi.CodeAccountDisabled, "Your account is disabled.")
	}
	if who.role == reseller && !a.Permissions["remote_access_interface"] {
		return caller{}, refuse(xmlapi.CodePermissionDenied, "Permission denied.")
	}
	return who, nil
}

func (s *Server) accountOf(x *exchange) (*account, *refusal) {
	if key := header(x.r, "KEY"); key != "" {
		k, ok := s.state.SecretKeys[hashKey(key)]
		if !ok || len(k.Addresses) > 0 && !slices.Contains(k.Addresses, x.peer) {
			return nil, refuse(xmlapi.CodeSecretKey, "Secret key validation failed.")
		}
		if a := s.state.Accounts.Get(k.Account); a != nil {
			return a, nil
		}
		return nil, refuse(xmlapi.CodeSecretKey, "Secret key validation failed.")
	}
	login, password := header(x.r, "HTTP_AUTH_LOGIN"), header(x.r, "HTTP_AUTH_PASSWD")
	if login == "" && password == "" {
		return nil, refuse(xmlapi.CodeNoAuthentication, "Authentication method is not specified")
	}
	a := s.state.accountsByLogin.First(strings.ToLower(login))
	if a == nil || !a.Password.matches(password) {
		return nil, refuse(xmlapi.CodeAuthentication, "You have entered incorrect username or password.")
	}
	return a, nil
}

// secret is a password as it is kept: salted and hashed.
type secret struct{ Salt, Hash string }

func newSecret(salt, password string) secret {
	return secret{Salt: salt, Hash: hashKey(salt + password)}
}

func (s secret) matches(password string) bool {
	return subtle.ConstantTimeCompare([]byte(s.Hash), []byte(hashKey(s.Salt+password))) == 1
}

func hashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}
