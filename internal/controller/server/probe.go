// The probe: one packet that tells who the server is, how it is, and where its action log stands.

package server

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// shownProtocols is how many protocol versions the status lists.
const shownProtocols = 10

// answer is what a server told when it was probed.
type answer struct {
	protos server.GetProtosResult
	info   server.GetResult
	log    logQuestion
	// secrets are those that the server might tell again.
	secrets []xmlapi.Secret
}

// fit makes a text of the server's fit to be shown.
func (a *answer) fit(text string) string { return session.Fit(text, a.secrets...) }

// ask probes a server, with the one packet that passes a closed door. Where that fails for what the event log may have caused, it is asked again
// without its entries.
func ask(ctx context.Context, s *session.Session, events *eventLog) (*answer, error) {
	a, err := askOnce(ctx, s, events.ask(true))
	if e, ok := errors.AsType[*xmlapi.Error](err); ok && e.MayBeOneOperation() {
		return askOnce(ctx, s, events.ask(false))
	}
	return a, err
}

func askOnce(ctx context.Context, s *session.Session, log logQuestion) (*answer, error) {
	protos := server.GetProtos.Call(xmlapi.EmptyRequest{})
	info := server.Get.Call(server.GetRequest{Key: &server.KeyQuery{}, GenInfo: &xmlapi.Empty{}, Stat: &xmlapi.Empty{}})
	if err := s.Probe().Do(ctx, append([]xmlapi.Caller{protos, info}, log.calls()...)...); err != nil {
		return nil, err
	}
	a := &answer{secrets: s.Secrets(), log: log}
	var err error
	if a.protos, err = protos.One(); err != nil {
		return nil, err
	}
	if a.info, err = info.One(); err != nil {
		return nil, err
	}
	if a.info.GenInfo == nil || !session.IsGUID(a.info.GenInfo.GUID) || a.info.Stat == nil {
		return nil, xmlapi.Incomplete(server.Get, "stat, or gen_info with a server_guid")
	}
	return a, nil
}

// news reads what the event log has told. One that cannot be read is no failure of the server's.
func (a *answer) news(events *eventLog) (engine.News, v1alpha1.EventLogState) {
	news, err := events.read(a.log)
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

func (a *answer) guid() string { return a.info.GenInfo.GUID }

// protocols lists the versions that the server speaks, newest first.
func (a *answer) protocols() []string {
	if a.protos.Protos == nil {
		return nil
	}
	out := make([]string, len(a.protos.Protos.Versions))
	for i, v := range a.protos.Protos.Versions {
		out[i] = a.fit(v)
	}
	slices.SortFunc(out, func(x, y string) int { return slices.Compare(numbers(y), numbers(x)) })
	return out
}

func numbers(version string) []int {
	var out []int
	for part := range strings.SplitSeq(version, ".") {
		n, _ := strconv.Atoi(part) // what is not a number sorts last
		out = append(out, n)
	}
	return out
}

// fill puts the answer into the status. Load, memory and uptime change all the time and are left to monitoring.
func (a *answer) fill(s *v1alpha1.PleskServerStatus) {
	v, o := a.info.Stat.Version, a.info.Stat.Objects
	s.GUID, s.Hostname = a.guid(), a.fit(a.info.GenInfo.Name)
	s.Version, s.OS = a.fit(v.PleskVersion), a.fit(v.OS+" "+v.OSVersion)
	s.Mode = ""
	if a.info.GenInfo.Mode != nil {
		s.Mode = a.fit(*a.info.GenInfo.Mode)
	}
	s.ProtocolVersions = a.protocols()
	if len(s.ProtocolVersions) > shownProtocols {
		s.ProtocolVersions = s.ProtocolVersions[:shownProtocols]
	}
	s.Objects = &v1alpha1.ServerObjects{Customers: o.Clients, Domains: o.Domains, Mailboxes: o.Mailboxes, Databases: o.Databases}
	s.Licence = a.licence()
}

func (a *answer) licence() *v1alpha1.ServerLicence {
	if len(a.info.Keys) == 0 {
		return nil
	}
	props := map[string]string{}
	for _, p := range a.info.Keys[0].Properties {
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
