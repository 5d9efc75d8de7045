// How logs are rotated, as an export describes it.

package web

import (
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskLogRotation, rotationValue] = LogRotation{}

// Export : of logs that are not rotated nothing else is said.
func (LogRotation) Export(o *v1alpha1.PleskLogRotation, f *engine.Found[rotationValue]) (engine.Exported, error) {
	v, s := LogRotation{}.Normal(f.Value), &o.Spec
	told := engine.Exported{Refs: []engine.Pointer{{Field: "spec.siteRef", To: target.OwnerOf(&engine.Link{Identity: f.Identity, Name: f.Key.Name}, "")}}}
	if s.Enabled = v.Enabled; v.Enabled == nil || !*v.Enabled {
		return told, nil
	}
	s.Schedule, s.Compress, s.Email = (*v1alpha1.LogSchedule)(v.Schedule), v.Compress, form.Filled(v.Email)
	if v.Size != nil {
		s.Size = &v1alpha1.ByteSize{LimitValue: v1alpha1.LimitValue{Text: *v.Size, Number: strings.Trim(*v.Size, "0123456789") == ""}}
	}
	if m := v.MaxFiles; m != nil && *m > 0 {
		s.MaxFiles = new(int32(*m)) //nolint:gosec // the schema has a smaller bound
	}
	return told, nil
}
