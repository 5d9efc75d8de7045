// PleskVirtualDirectory: operator `virtdir`, natural key the path within the site, in lower case.

package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/virtdir"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskvirtualdirectories,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskvirtualdirectories/status,verbs=get;update;patch

// VirtualDirectory is the kind PleskVirtualDirectory. All that one has is in its spec, so it comes back by itself. No event is about it.
type VirtualDirectory struct{}

var (
	_ engine.Kind[*v1alpha1.PleskVirtualDirectory, virtualValue] = VirtualDirectory{}
	_ engine.Maker[virtualValue]                                 = VirtualDirectory{}
	_ engine.Lister[virtualValue]                                = VirtualDirectory{}
	_ engine.Normalizer[virtualValue]                            = VirtualDirectory{}
	_ engine.Unproven[*v1alpha1.PleskVirtualDirectory]           = VirtualDirectory{}
	_ engine.Stateless                                           = VirtualDirectory{}
	_ engine.Unlisted                                            = VirtualDirectory{}
	_ engine.Unexportable                                        = VirtualDirectory{}
	_ engine.Named                                               = VirtualDirectory{}
)

// virtualValue is what a virtual directory is on the wire.
type virtualValue struct {
	RealPath   *string           `plesk:"realPath,privileged"`
	Execute    *string           `plesk:"executePermission,privileged"`
	Read       *bool             `plesk:"access.read"`
	Write      *bool             `plesk:"access.write"`
	Source     *bool             `plesk:"access.scriptSource"`
	Browse     *bool             `plesk:"access.browse"`
	Anonymous  *bool             `plesk:"access.anonymous"`
	Windows    *bool             `plesk:"access.windows"`
	RequireTLS *bool             `plesk:"access.requireTLS"`
	LogVisits  *bool             `plesk:"logVisits"`
	App        *applicationValue `plesk:"application"`
	Documents  *documentsValue   `plesk:"defaultDocuments"`

	BufferingLimit *string `plesk:"asp.bufferingLimit"` // sizes are quantities in canonical form
	RequestEntity  *string `plesk:"asp.maxRequestEntity"`
	ServerDebug    *bool   `plesk:"asp.serverDebug"`
	ClientDebug    *bool   `plesk:"asp.clientDebug"`

	Allow     []string `plesk:"ipAccess.allow"`
	Deny      []string `plesk:"ipAccess.deny"`
	MIMETypes []string `plesk:"mimeTypes"`

	ByConcurrency *bool `plesk:"requestLimits.byConcurrency"`
	MaxConcurrent *int  `plesk:"requestLimits.maxConcurrent"`
	ByRate        *bool `plesk:"requestLimits.byRate"`
	MaxRequests   *int  `plesk:"requestLimits.maxRequests"`
	Interval      *int  `plesk:"requestLimits.interval"` // milliseconds

	site engine.Identity // that it is to be made in, or was found in
	name string          // to make it under, as it is written
}

// applicationValue is how a directory is an application, or that it is none.
type applicationValue struct {
	Enabled     *bool   `plesk:"enabled"`
	ParentPaths *bool   `plesk:"parentPaths"`
	MTA         *bool   `plesk:"mta"`
	ASPNET      *string `plesk:"aspNetVersion"`
}

// documentsValue is which documents stand for a directory, or that none does. Their order counts: the names are one text.
type documentsValue struct {
	Enabled *bool   `plesk:"enabled"`
	Names   *string `plesk:"names"`
}

// nameSeparator stands between the names of documents, which hold no comma.
const nameSeparator = ", "

var executeWords = form.Words{
	{string(v1alpha1.ExecutePermissionNone), virtdir.ExecuteNothing}, {string(v1alpha1.ExecutePermissionScripts), virtdir.ExecuteScripts},
	{string(v1alpha1.ExecutePermissionScriptsAndExecutables), virtdir.ExecuteAll},
}

// NotExported implements engine.Unexportable.
func (VirtualDirectory) NotExported() string {
	return "it is told from others by its name alone, so what a server has stays as it is"
}

// Roles : the documents admit the administrator alone.
func (VirtualDirectory) Roles() []v1alpha1.ServerRole { return engine.ForAdministrators }

func (VirtualDirectory) Refs() []engine.Ref[*v1alpha1.PleskVirtualDirectory] {
	return []engine.Ref[*v1alpha1.PleskVirtualDirectory]{{
		Field: "spec.siteRef", Target: target.Sites, Parent: true,
		Get: func(o *v1alpha1.PleskVirtualDirectory) []engine.Mention { return target.SiteMention(o.Spec.SiteRef) },
	}}
}

func (VirtualDirectory) Stateless() {}

// Unlisted says that each question about a directory has to name it.
func (VirtualDirectory) Unlisted() {}

func (VirtualDirectory) Made(o *v1alpha1.PleskVirtualDirectory) *bool { return &o.Status.Made }

func (VirtualDirectory) Desired(o *v1alpha1.PleskVirtualDirectory, in engine.Inputs) (engine.Key, virtualValue, error) {
	s, at := &o.Spec, in.Ref("spec.siteRef")
	w := virtualValue{
		RealPath: s.RealPath, Execute: (*string)(s.ExecutePermission), LogVisits: s.LogVisits, MIMETypes: s.MIMETypes, site: at.Identity, name: s.DirectoryName,
	}
	if at.GUID == "" {
		return engine.Key{}, w, engine.Invalid("spec.siteRef", fmt.Sprintf("the GUID of the site %q is not known", at.Key.Name))
	}
	if a := s.Access; a != nil {
		w.Read, w.Write, w.Source, w.Browse, w.Anonymous, w.Windows, w.RequireTLS = a.Read, a.Write, a.ScriptSource, a.Browse, a.Anonymous, a.Windows, a.RequireTLS
	}
	if a := s.Application; a != nil {
		w.App = &applicationValue{Enabled: &a.Enabled, ParentPaths: a.ParentPaths, MTA: a.MTA, ASPNET: a.ASPNETVersion}
	}
	if d := s.DefaultDocuments; d != nil {
		w.Documents = &documentsValue{Enabled: &d.Enabled}
		if d.Names != nil {
			w.Documents.Names = new(strings.Join(d.Names, nameSeparator))
		}
	}
	if i := s.IPAccess; i != nil {
		w.Allow, w.Deny = i.Allow, i.Deny
	}
	if err := w.addASP(s.ASP); err != nil {
		return engine.Key{}, w, err
	}
	err := w.addLimits(s.RequestLimits)
	return virtualKey(at.Identity, s.DirectoryName), w, err
}

func (w *virtualValue) addASP(a *v1alpha1.VirtualDirectoryASP) error {
	if a == nil {
		return nil
	}
	w.ServerDebug, w.ClientDebug = a.ServerDebug, a.ClientDebug
	var err error
	if w.BufferingLimit, err = wantedSize(a.BufferingLimit); err != nil {
		return engine.Invalid("spec.asp.bufferingLimit", err.Error())
	}
	if w.RequestEntity, err = wantedSize(a.MaxRequestEntity); err != nil {
		return engine.Invalid("spec.asp.maxRequestEntity", err.Error())
	}
	return nil
}

func (w *virtualValue) addLimits(l *v1alpha1.VirtualDirectoryRequestLimits) error {
	if l == nil {
		return nil
	}
	w.ByConcurrency, w.ByRate = l.ByConcurrency, l.ByRate
	if l.MaxConcurrent != nil {
		w.MaxConcurrent = new(int(*l.MaxConcurrent))
	}
	if l.MaxRequests != nil {
		w.MaxRequests = new(int(*l.MaxRequests))
	}
	if l.Interval == nil {
		return nil
	}
	if l.Interval.Duration < time.Millisecond {
		return engine.Invalid("spec.requestLimits.interval", "at least 1ms")
	}
	w.Interval = new(int(l.Interval.Milliseconds()))
	return nil
}

// virtualKey is the natural key of a virtual directory: on Windows, case does not matter.
func virtualKey(site engine.Identity, name string) engine.Key {
	return engine.Key{Within: site, Name: strings.ToLower(rooted(name))}
}

func (VirtualDirectory) Normal(w virtualValue) virtualValue {
	form.Collapse(&w.RealPath)
	w.Allow, w.Deny = form.NormalSet(w.Allow, form.MaskedNetwork), form.NormalSet(w.Deny, form.MaskedNetwork)
	w.MIMETypes = form.NormalSet(w.MIMETypes, form.SingleBlanks)
	return w
}

func (VirtualDirectory) Observe(o *v1alpha1.PleskVirtualDirectory, f *engine.Found[virtualValue]) {
	v := f.Value
	seen := &v1alpha1.ObservedVirtualDirectory{RealPath: form.Deref(v.RealPath), ExecutePermission: form.Deref(v.Execute)}
	if v.App != nil {
		seen.Application = v.App.Enabled
	}
	o.Status.Observed = seen
}

func (VirtualDirectory) KeyField() string { return "spec.directoryName" }
