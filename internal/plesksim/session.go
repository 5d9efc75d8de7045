// Sessions of the panel: server/create_session logs somebody in, the session operator shows and ends what is there (protocol-core §8.2,
// §8.3).

package plesksim

import (
	"encoding/base64"
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	sessionapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/session"
)

// panelSession is a login to the panel.
type panelSession struct {
	Token   string
	Account int64
	Address string
	Begun   time.Time // and last used: there is no panel to use it in
}

// sessionState holds the sessions, the oldest first.
type sessionState struct{ Sessions []panelSession }

func sessionOperations() []operation {
	return []operation{
		one("server/create_session", anyone, createSession),
		one("session/get", administrator, sessionGet),
		one("session/terminate", administrator, sessionTerminate),
	}
}

// createSession makes a token for an account that the caller may know of: the caller's own, or one that the caller manages.
func createSession(c *call, req server.CreateSessionRequest) (server.CreateSessionResult, error) {
	var none server.CreateSessionResult
	a := c.accountsByLogin.First(foldName(req.Login))
	switch {
	case a != nil && !c.seesAccount(a) && c.opts.ForeignObjectsForbidden:
		return none, permissionDenied()
	case a == nil || !c.seesAccount(a):
		return none, refuse(xmlapi.CodeNotFound, "User %s does not exist.", req.Login)
	}
	from := c.who.host
	if req.Data != nil {
		var err error
		if from, err = userAddress(req.Data.UserIP); err != nil {
			return none, err
		}
	}
	c.endIdleSessions()
	s := panelSession{Token: hex.EncodeToString(c.random(16)), Account: a.ID, Address: from, Begun: c.now}
	c.Sessions = append(c.Sessions, s)
	return server.CreateSessionResult{Token: xmlapi.Secret(s.Token)}, nil
}

// userAddress reads an address, plain or in base64.
func userAddress(given string) (string, error) {
	plain := strings.TrimSpace(given)
	if decoded, err := base64.StdEncoding.DecodeString(plain); err == nil {
		plain = strings.TrimSpace(string(decoded))
	}
	a, err := netip.ParseAddr(plain)
	if err != nil {
		if a, err = netip.ParseAddr(strings.TrimSpace(given)); err != nil {
			return "", refuse(xmlapi.CodeInvalidValue, "The IP address '%s' is invalid.", given)
		}
	}
	return a.Unmap().String(), nil
}

// endIdleSessions ends the sessions that were idle for longer than the server allows.
func (c *call) endIdleSessions() {
	limit := time.Duration(c.Machine.LoginTimeout) * time.Minute
	c.Sessions = slices.DeleteFunc(c.Sessions, func(s panelSession) bool { return c.now.Sub(s.Begun) > limit })
}

func sessionGet(c *call, _ xmlapi.EmptyRequest) (sessionapi.GetResult, error) {
	c.endIdleSessions()
	var res sessionapi.GetResult
	for _, s := range c.Sessions {
		a := c.Accounts.Get(s.Account)
		begun := s.Begun.Format(time.RFC3339)
		res.Sessions = append(res.Sessions, sessionapi.Session{
			ID: xmlapi.Secret(s.Token), Type: sessionType(a.Kind), IPAddress: s.Address, Login: a.Login, LoginTime: begun, Idle: begun,
		})
	}
	return res, nil
}

func sessionType(k accountKind) string {
	switch k {
	case kindAdmin:
		return sessionapi.Admin
	case kindReseller:
		return sessionapi.Reseller
	}
	return sessionapi.Client
}

func sessionTerminate(c *call, req sessionapi.TerminateRequest) (xmlapi.Result, error) {
	c.endIdleSessions()
	before := len(c.Sessions)
	c.Sessions = slices.DeleteFunc(c.Sessions, func(s panelSession) bool { return s.Token == req.SessionID.Reveal() })
	if len(c.Sessions) == before {
		return xmlapi.Result{}, refuse(xmlapi.CodeNotFound, "Session does not exist.")
	}
	return xmlapi.Result{}, nil
}

// endSessionsOf ends an account's sessions, before the account is removed.
func (c *call) endSessionsOf(a *account) {
	c.Sessions = slices.DeleteFunc(c.Sessions, func(s panelSession) bool { return s.Account == a.ID })
}
