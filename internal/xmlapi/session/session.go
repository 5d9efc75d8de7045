// Package session holds the operations of the `session` operator: who is logged in to the panel. server.CreateSession logs somebody
// in. Callers: administrator. Source: protocol-core §8.2.
package session

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations. Get answers all sessions.
var (
	Get       = xmlapi.Read[xmlapi.EmptyRequest, GetResult]("session", "get")
	Terminate = xmlapi.Write[TerminateRequest, xmlapi.Result]("session", "terminate")
)

// The types of a session: whose it is.
const (
	Admin       = "admin"
	Reseller    = "reseller"
	Client      = "client"
	DomainAdmin = "domain-admin"
	MailUser    = "mail-user"
)

// GetResult lists the sessions.
type GetResult struct {
	xmlapi.Result
	Sessions []Session `xml:"session"`
}

// Empty reports whether nobody is logged in.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && len(r.Sessions) == 0 }

// Session is one session. Whoever has its ID has the session.
type Session struct {
	ID        xmlapi.Secret `xml:"id"`
	Type      string        `xml:"type"`
	IPAddress string        `xml:"ip-address"`
	Login     string        `xml:"login"`
	LoginTime string        `xml:"login-time"` // ISO 8601
	Idle      string        `xml:"idle"`       // since when nothing was done in it, ISO 8601
}

// TerminateRequest ends one session.
type TerminateRequest struct {
	SessionID xmlapi.Secret `xml:"session-id"`
}
