// The probe: one packet that tells who the server is, how it is, and where its action log stands.

package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

// shownProtocols is how many protocol versions the status lists.
const shownProtocols = 10

// answer is what a server told when it was probed.
type answer struct {
	session.Introduction
	log *logQuestion // nil where the role has no log
	// secrets are those that the server might tell again.
	secrets []xmlapi.Secret
}

// fit makes a text of the server's fit to be shown.
func (a *answer) fit(text string) string { return session.Fit(text, a.secrets...) }

// ask probes a server, with the one packet that passes a closed door. Its event log is asked for only where the version that is spoken is known to
// have one: on the first day, and after an upgrade, that takes a second packet. Where a packet fails for what the event log may have caused, less
// and less of that is asked for.
func ask(ctx context.Context, s *session.Session, srv *v1alpha1.PleskServer, events *eventLog) (*answer, error) {
	if !hasLog(srv.Spec.ProtocolVersion, srv.Status.ProtocolVersions) {
		a, err := askOnce(ctx, s, logQuestion{})
		if err != nil || !hasLog(srv.Spec.ProtocolVersion, a.protocols()) {
			return a, err
		}
	}
	for _, log := range []logQuestion{events.ask(true), events.ask(false)} {
		a, err := askOnce(ctx, s, log)
		if e, ok := errors.AsType[*xmlapi.Error](err); !ok || !e.MayBeOneOperation() || e.Class == xmlapi.Forbidden {
			return a, err
		}
	}
	return askOnce(ctx, s, logQuestion{})
}

// hasLog reports whether a server that lists these versions has an event log that can be followed, in the version that is asked for.
func hasLog(asked string, listed []string) bool {
	spoken := version.Spoken(asked, listed)
	return spoken != "" && spoken.Has(eventlog.GetEvents.Name()) && spoken.Has(eventlog.GetLastID.Name())
}

// askOnce reads the event log as an administrator only: it is not for others.
func askOnce(ctx context.Context, s *session.Session, log logQuestion) (*answer, error) {
	about := server.GetRequest{Key: &server.KeyQuery{}, GenInfo: &xmlapi.Empty{}, Stat: &xmlapi.Empty{}}
	is, err := s.Introduce(ctx, about, func(role session.Role) []xmlapi.Caller {
		if role == session.Administrator {
			return log.calls()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	a := &answer{Introduction: is, secrets: s.Secrets()}
	if is.Server == nil {
		return a, nil
	}
	if is.Server.Stat == nil {
		return nil, xmlapi.Incomplete(server.Get, "stat")
	}
	a.log = &log
	return a, nil
}

// news reads what the event log has told. One that cannot be read is no failure of the server's.
func (a *answer) news(events *eventLog, spoken version.Version) (engine.News, v1alpha1.EventLogState) {
	switch {
	case a.log == nil:
		return engine.News{}, v1alpha1.EventLogUnavailable
	case a.log.last == nil && spoken.Has(eventlog.GetEvents.Name()):
		return events.unasked(), v1alpha1.EventLogUnreadable
	case a.log.last == nil:
		return events.unasked(), v1alpha1.EventLogUnavailable
	}
	news, err := events.read(*a.log)
	if err == nil && a.log.asksEntries() {
		return news, v1alpha1.EventLogFollowed
	}
	if err != nil {
		news, err = events.read(a.log.withoutEntries())
	}
	if err != nil || !events.follows() {
		return news, v1alpha1.EventLogUnreadable
	}
	return news, v1alpha1.EventLogFollowed
}

// protocols lists the versions that the server speaks, newest first.
func (a *answer) protocols() []string {
	if a.Protocols.Protos == nil {
		return nil
	}
	out := make([]string, len(a.Protocols.Protos.Versions))
	for i, v := range a.Protocols.Protos.Versions {
		out[i] = a.fit(v)
	}
	return version.Newest(out)
}

// fill puts the answer into the status. Load, memory and uptime change all the time and are left to monitoring.
func (a *answer) fill(s *v1alpha1.PleskServerStatus, spoken version.Version) {
	s.Role, s.GUID = v1alpha1.ServerRole(a.Role), a.GUID
	s.Subscriptions = a.knownBy(s.Subscriptions)
	s.ProtocolVersion, s.ProtocolVersions = string(spoken), a.protocols()
	if len(s.ProtocolVersions) > shownProtocols {
		s.ProtocolVersions = s.ProtocolVersions[:shownProtocols]
	}
	s.Hostname, s.Version, s.OS, s.Mode, s.Objects, s.Licence = "", "", "", "", nil, nil
	if a.Server == nil {
		return
	}
	v, o := a.Server.Stat.Version, a.Server.Stat.Objects
	s.Hostname = a.fit(a.Server.GenInfo.Name)
	s.Version, s.OS = a.fit(v.PleskVersion), a.fit(v.OS+" "+v.OSVersion)
	if a.Server.GenInfo.Mode != nil {
		s.Mode = a.fit(*a.Server.GenInfo.Mode)
	}
	s.Objects = &v1alpha1.ServerObjects{Customers: o.Clients, Domains: o.Domains, Mailboxes: o.Mailboxes, Databases: o.Databases}
	s.Licence = a.licence()
}

// contradicts says that the answer is of another Plesk or account than is recorded, nil where it is not.
func (a *answer) contradicts(s *v1alpha1.PleskServerStatus) *verdict {
	wrong, _ := errors.AsType[*session.WrongServerError](a.Among(s.Subscriptions))
	if s.GUID != "" && s.GUID != a.GUID {
		wrong = &session.WrongServerError{Expected: s.GUID, Actual: a.GUID}
	}
	if wrong == nil {
		return nil
	}
	return &verdict{reason: v1alpha1.ReasonWrongServer, reached: yes, admitted: yes, stalled: true, message: fmt.Sprintf(
		"spec.url, with these credentials, leads to the Plesk with GUID %s, recorded is %s: nothing is written; delete this PleskServer and its objects with deletionPolicy Retain, or restore the server",
		wrong.Actual, wrong.Expected)}
}

// knownBy is by which subscriptions a customer is to be known: those that it was known by already, as far as they are still there, before others.
func (a *answer) knownBy(before []string) []string {
	var out []string
	for _, guid := range before {
		if slices.Contains(a.Subscriptions, guid) {
			out = append(out, guid)
		}
	}
	for _, guid := range a.Subscriptions {
		if !slices.Contains(out, guid) && len(out) < v1alpha1.MaxServerSubscriptions {
			out = append(out, guid)
		}
	}
	slices.Sort(out)
	return out
}

func (a *answer) licence() *v1alpha1.ServerLicence {
	if len(a.Server.Keys) == 0 {
		return nil
	}
	props := map[string]string{}
	for _, p := range a.Server.Keys[0].Properties {
		props[p.Name] = a.fit(p.Value)
	}
	return &v1alpha1.ServerLicence{
		Expires: licenceDate(props["lim_date"]), Domains: licenceCount(props["lim_dom"]), Customers: licenceCount(props["lim_cl"]),
	}
}

// licenceDate turns YYYYMMDD into YYYY-MM-DD; other forms stay as they are.
func licenceDate(s string) string {
	switch {
	case s == "-1":
		return "never"
	case len(s) == len("20060102") && !strings.Contains(s, "-"):
		return s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	return s
}

func licenceCount(s string) string {
	if s == "-1" {
		return "unlimited"
	}
	return s
}
