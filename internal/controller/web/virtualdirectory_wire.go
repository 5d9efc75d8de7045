// What a virtual directory is in packets.

package web

import (
	"cmp"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/virtdir"
)

// foundVirtual translates what the server shows. A list that it leaves out is empty.
func foundVirtual(p virtdir.Properties) virtualValue {
	v := virtualValue{
		RealPath: p.RealPath, Execute: executeWords.API(p.ExecutePerm), Read: p.AccessRead, Write: p.AccessWrite, Source: p.AccessSource, Browse: p.DirBrowsing,
		Anonymous: p.Anonymous, Windows: p.WindowsAccess, RequireTLS: p.RequireSSL, LogVisits: p.LogVisits,
		BufferingLimit: foundSize(p.ASPBufferingLimit), RequestEntity: foundSize(p.ASPMaxRequestEntity), ServerDebug: p.ASPServerDebug, ClientDebug: p.ASPClientDebug,
		Allow: p.IPAllow, Deny: p.IPDeny, MIMETypes: p.MIMETypes,
		ByConcurrency: p.DenyByConcurrentRequests, MaxConcurrent: foundCount(p.MaxConcurrentRequests),
		ByRate: p.DenyByRequestRate, MaxRequests: foundCount(p.MaxRequests), Interval: foundCount(p.RequestInterval),
	}
	if a := p.Application; a != nil {
		v.App = &applicationValue{Enabled: new(a.Enabled != nil), ParentPaths: a.ParentPaths, MTA: a.RunInMTA, ASPNET: a.ASPNETVersion}
	}
	if d := p.DefaultDoc; d != nil {
		v.Documents = &documentsValue{Enabled: new(d.Enabled != nil), Names: new(strings.Join(d.Search, nameSeparator))}
	}
	return v
}

func foundCount(n *int64) *int {
	if n == nil {
		return nil
	}
	return new(int(*n))
}

func wireCount(n *int) *int64 {
	if n == nil {
		return nil
	}
	return new(int64(*n))
}

// properties are those to write: what is nil stays, or takes the server's default. The application and the default documents go as a whole, so want and
// have say what of them does not change.
func (w *virtualValue) properties(want, have virtualValue) (virtdir.Properties, error) {
	p := virtdir.Properties{
		RealPath: w.RealPath, ExecutePerm: executeWords.Wire(w.Execute), AccessRead: w.Read, AccessWrite: w.Write, AccessSource: w.Source, DirBrowsing: w.Browse,
		Anonymous: w.Anonymous, WindowsAccess: w.Windows, RequireSSL: w.RequireTLS, LogVisits: w.LogVisits, ASPServerDebug: w.ServerDebug, ASPClientDebug: w.ClientDebug,
		IPAllow: w.Allow, IPDeny: w.Deny, MIMETypes: w.MIMETypes,
		DenyByConcurrentRequests: w.ByConcurrency, MaxConcurrentRequests: wireCount(w.MaxConcurrent),
		DenyByRequestRate: w.ByRate, MaxRequests: wireCount(w.MaxRequests), RequestInterval: wireCount(w.Interval),
	}
	if w.App != nil {
		p.Application = want.App.wire(have.App)
	}
	if w.Documents != nil {
		p.DefaultDoc = want.Documents.wire(have.Documents)
	}
	var err error
	if p.ASPBufferingLimit, err = wireSize[int64](w.BufferingLimit); err != nil {
		return p, err
	}
	p.ASPMaxRequestEntity, err = wireSize[int64](w.RequestEntity)
	return p, err
}

// wire is the application as a whole. What the spec does not set of it is as the server has it.
func (a *applicationValue) wire(have *applicationValue) *virtdir.Application {
	if !*a.Enabled {
		return &virtdir.Application{Disabled: &xmlapi.Empty{}}
	}
	if have == nil {
		have = &applicationValue{}
	}
	return &virtdir.Application{
		Enabled: &xmlapi.Empty{}, ParentPaths: cmp.Or(a.ParentPaths, have.ParentPaths), RunInMTA: cmp.Or(a.MTA, have.MTA, new(false)),
		ASPNETVersion: cmp.Or(a.ASPNET, have.ASPNET),
	}
}

// wire is the default documents as a whole, likewise.
func (d *documentsValue) wire(have *documentsValue) *virtdir.DefaultDoc {
	if !*d.Enabled {
		return &virtdir.DefaultDoc{Disabled: &xmlapi.Empty{}}
	}
	if have == nil {
		have = &documentsValue{}
	}
	doc := &virtdir.DefaultDoc{Enabled: &xmlapi.Empty{}}
	if names := form.Deref(cmp.Or(d.Names, have.Names)); names != "" {
		doc.Search = strings.Split(names, nameSeparator)
	}
	return doc
}
