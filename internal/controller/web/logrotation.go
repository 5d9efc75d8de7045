// PleskLogRotation: operator `log-rotation`, natural key the name of the site whose logs are rotated.

package web

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/logrotation"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesklogrotations,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesklogrotations/status,verbs=get;update;patch

// LogRotation is the kind PleskLogRotation. Its id is the site's: it has none of its own. No event is about it.
type LogRotation struct{}

var (
	_ engine.Kind[*v1alpha1.PleskLogRotation, rotationValue] = LogRotation{}
	_ engine.Lister[rotationValue]                           = LogRotation{}
	_ engine.Normalizer[rotationValue]                       = LogRotation{}
)

// rotationValue is how logs are rotated, on the wire. Of schedule and size the server has one.
type rotationValue struct {
	Enabled  *bool   `plesk:"enabled"`
	Schedule *string `plesk:"schedule"`
	Size     *string `plesk:"size"` // a quantity in canonical form
	MaxFiles *int    `plesk:"maxFiles"`
	Compress *bool   `plesk:"compress"`
	Email    *string `plesk:"email"`
}

// Roles leaves out nobody: the documents admit all to log-rotation, and say nothing of resellers about the site that it is read with.
func (LogRotation) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (LogRotation) Refs() []engine.Ref[*v1alpha1.PleskLogRotation] {
	return []engine.Ref[*v1alpha1.PleskLogRotation]{{
		Field: "spec.siteRef", Target: target.Sites, Parent: true,
		Get: func(o *v1alpha1.PleskLogRotation) []engine.Mention { return target.SiteMention(o.Spec.SiteRef) },
		Set: func(o *v1alpha1.PleskLogRotation, m []engine.Mention) { o.Spec.SiteRef = target.SiteReference(m) },
	}}
}

func (LogRotation) Desired(o *v1alpha1.PleskLogRotation, in engine.Inputs) (engine.Key, rotationValue, error) {
	s := &o.Spec
	w := rotationValue{Enabled: s.Enabled, Schedule: (*string)(s.Schedule), Compress: s.Compress, Email: s.Email}
	if s.MaxFiles != nil {
		w.MaxFiles = new(int(*s.MaxFiles))
	}
	var err error
	if w.Size, err = wantedSize(s.Size); err != nil {
		return engine.Key{}, w, engine.Invalid("spec.size", err.Error())
	}
	return rotationKey(in.Ref("spec.siteRef")), w, nil
}

// rotationKey is the name of a site within it.
func rotationKey(at *engine.Resolved) engine.Key {
	return engine.Key{Within: at.Identity, Name: at.Key.Name}
}

func (LogRotation) Normal(w rotationValue) rotationValue {
	form.Collapse(&w.Email)
	return w
}

// Find looks for the site: where its id has moved, the GUID leads to it.
func (LogRotation) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[rotationValue], error) {
	var settings *xmlapi.Call[xmlapi.QueryRequest, logrotation.GetResult]
	var status *xmlapi.Call[xmlapi.QueryRequest, logrotation.GetStatusResult]
	at, err := target.SiteWith(ctx, d, h.Identity, func(id int64) []xmlapi.Caller {
		of := xmlapi.QueryRequest{Filter: logrotation.BySite(id).Query()}
		settings, status = logrotation.Get.Call(of), logrotation.GetStatus.Call(of)
		return []xmlapi.Caller{settings, status}
	})
	if err != nil || at == nil {
		return nil, err
	}
	r, err := settings.One()
	if err != nil {
		return nil, ofSiteThere(logrotation.Get, err)
	}
	s, err := status.One()
	if err != nil {
		return nil, ofSiteThere(logrotation.GetStatus, err)
	}
	return foundRotation(at, r, s)
}

// List reads the known sites and how their logs are rotated: rotation without its site is of no use.
func (LogRotation) List(ctx context.Context, d xmlapi.Doer, known engine.Known) ([]*engine.Found[rotationValue], error) {
	var out []*engine.Found[rotationValue]
	for some := range slices.Chunk(known.IDs, sitesPerList) {
		list, err := listRotation(ctx, d, some)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// listRotation reads some sites in one packet.
func listRotation(ctx context.Context, d xmlapi.Doer, ids []string) ([]*engine.Found[rotationValue], error) {
	var calls []xmlapi.Caller
	var settings []*xmlapi.Call[xmlapi.QueryRequest, logrotation.GetResult]
	var statuses []*xmlapi.Call[xmlapi.QueryRequest, logrotation.GetStatusResult]
	for _, f := range engine.ListFilters(logrotation.BySite, ids, engine.IDsPerOperation) {
		of := xmlapi.QueryRequest{Filter: f.Query()}
		setting, status := logrotation.Get.Call(of), logrotation.GetStatus.Call(of)
		settings, statuses, calls = append(settings, setting), append(statuses, status), append(calls, setting, status)
	}
	sites, err := target.SitesByID(ctx, d, ids, calls...)
	if err != nil {
		return nil, err
	}
	var all []logrotation.GetResult
	on := map[int64]logrotation.GetStatusResult{}
	for i := range settings {
		of, err := settings[i].All()
		if err != nil {
			return nil, err
		}
		all = append(all, of...)
		shown, err := statuses[i].All()
		if err != nil {
			return nil, err
		}
		for _, s := range shown {
			on[s.ID] = s
		}
	}
	return engine.ListOf(logrotation.Get, all, func(r logrotation.GetResult) (*engine.Found[rotationValue], error) {
		at, there := sites[engine.IDText(r.ID)]
		if !there { // gone between the two
			return nil, nil
		}
		return foundRotation(at, r, on[r.ID])
	})
}

func foundRotation(at *engine.Resolved, r logrotation.GetResult, status logrotation.GetStatusResult) (*engine.Found[rotationValue], error) {
	s := r.Settings
	switch {
	case s == nil || engine.IDText(r.ID) != at.ID:
		return nil, xmlapi.Incomplete(logrotation.Get, "the settings of the site")
	case status.Enabled == nil || engine.IDText(status.ID) != at.ID:
		return nil, xmlapi.Incomplete(logrotation.GetStatus, "whether the logs of the site are rotated")
	}
	v := rotationValue{
		Enabled: status.Enabled, Schedule: s.Condition.ByTime, Size: foundSize(s.Condition.BySize), MaxFiles: s.MaxFiles, Compress: s.Compress,
		Email: new(form.Deref(s.Email)),
	}
	return &engine.Found[rotationValue]{Identity: at.Identity, Key: rotationKey(at), Value: v}, nil
}

// Update writes the settings before it switches rotation on, so that it begins as it is described.
func (LogRotation) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[rotationValue]) error {
	id, err := engine.Number(u.ID)
	if err != nil {
		return err
	}
	of := logrotation.BySite(id)
	if p := u.Patch; p != (rotationValue{Enabled: p.Enabled}) {
		settings, err := u.Patch.settings(u.Want, u.Have)
		if err != nil {
			return err
		}
		if _, err := logrotation.Set.One(ctx, d, logrotation.SetRequest{Filter: of, Settings: settings}); err != nil {
			return p.blame(err)
		}
	}
	if u.Patch.Enabled == nil {
		return nil
	}
	turn := logrotation.Disable
	if *u.Patch.Enabled {
		turn = logrotation.Enable
	}
	_, err = turn.One(ctx, d, xmlapi.FilterRequest{Filter: of})
	return err
}

// settings are those to write. The condition always goes along: the wanted one, else the one that the server has.
func (w *rotationValue) settings(want, have rotationValue) (hosting.LogRotation, error) {
	s := hosting.LogRotation{MaxFiles: w.MaxFiles, Compress: w.Compress, Email: w.Email}
	if want.Schedule == nil && want.Size == nil {
		want.Schedule, want.Size = have.Schedule, have.Size
	}
	size, err := wireSize[int](want.Size)
	s.Condition = hosting.LogCondition{BySize: size, ByTime: want.Schedule}
	return s, err
}

// blame says which of the values written was refused, where only one can have been: the schema has seen the others.
func (w *rotationValue) blame(err error) error {
	if e, ok := errors.AsType[*xmlapi.Error](err); ok && e.About() == xmlapi.AboutValue && w.Email != nil {
		return engine.Blame("spec.email", err)
	}
	return err
}

func (LogRotation) Observe(o *v1alpha1.PleskLogRotation, f *engine.Found[rotationValue]) {
	v := f.Value
	seen := &v1alpha1.ObservedLogRotation{
		Enabled: *v.Enabled, Schedule: form.Deref(v.Schedule), Size: form.Deref(v.Size), Compress: v.Compress, Email: form.Deref(v.Email),
	}
	if v.MaxFiles != nil {
		seen.MaxFiles = new(int32(min(*v.MaxFiles, math.MaxInt32)))
	}
	o.Status.Observed = seen
}
