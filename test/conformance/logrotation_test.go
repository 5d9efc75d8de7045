// The row of PleskLogRotation: an implicit kind, which comes with its site.

package conformance

import (
	"encoding/json"
	"strconv"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/web"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/logrotation"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

var logRotationRow = row{
	kind:    "PleskLogRotation",
	is:      kind(family.LogRotation{}),
	can:     []capability{exporter, lister, normalizer},
	prepare: func(s *site) { mailSettingsRow.prepare(s) },
	object: func(s *site) v1alpha1.Object {
		l := &v1alpha1.PleskLogRotation{Spec: v1alpha1.PleskLogRotationSpec{
			CommonSpec: s.common(), SiteRef: v1alpha1.SiteReference{External: "acme.example"}, Enabled: new(false), Size: byteSize("20Mi"),
			MaxFiles: new(int32(5)), Compress: new(false), Email: new("logs@acme.example"),
		}}
		l.Name = s.name + "-acme"
		return l
	},
	fields: []field{
		logSetting("size", "20971520", "31457280", "1048576",
			func(l *v1alpha1.PleskLogRotationSpec) { l.Size = byteSize("30Mi") }, func(l *v1alpha1.PleskLogRotationSpec) { l.Size = nil },
			func(r hosting.LogRotation) string { return strconv.Itoa(*r.Condition.BySize) },
			func(r *hosting.LogRotation) { r.Condition.BySize = new(1 << 20) }),
		logSetting("maxFiles", "5", "6", "99",
			func(l *v1alpha1.PleskLogRotationSpec) { l.MaxFiles = new(int32(6)) }, func(l *v1alpha1.PleskLogRotationSpec) { l.MaxFiles = nil },
			func(r hosting.LogRotation) string { return strconv.Itoa(*r.MaxFiles) },
			func(r *hosting.LogRotation) { r.MaxFiles = new(99) }),
		logSetting("compress", "false", "true", "true",
			func(l *v1alpha1.PleskLogRotationSpec) { l.Compress = new(true) }, func(l *v1alpha1.PleskLogRotationSpec) { l.Compress = nil },
			func(r hosting.LogRotation) string { return strconv.FormatBool(*r.Compress) },
			func(r *hosting.LogRotation) { r.Compress = new(true) }),
		logSetting("email", "logs@acme.example", "ops@acme.example", "intruder@acme.example",
			func(l *v1alpha1.PleskLogRotationSpec) { l.Email = new("ops@acme.example") }, func(l *v1alpha1.PleskLogRotationSpec) { l.Email = nil },
			func(r hosting.LogRotation) string { return *r.Email },
			func(r *hosting.LogRotation) { r.Email = new("intruder@acme.example") }),
		field{
			name: "enabled", initial: "false", changed: "true",
			change: set(func(l *v1alpha1.PleskLogRotation) { l.Spec.Enabled = new(true) }),
			unset:  set(func(l *v1alpha1.PleskLogRotation) { l.Spec.Enabled = nil }),
			read:   func(s *site, id string) string { return strconv.FormatBool(logsAreRotated(s, id)) },
		}.spoiling("true", func(s *site, id, _ string) {
			do(s, logrotation.Enable, xmlapi.FilterRequest{Filter: logrotation.BySite(number(s, id))})
		}),
	},
	list: func(s *site) []external {
		var out []external
		for _, w := range findAll(s, webspace.Get, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}) {
			id := strconv.FormatInt(w.ID, 10)
			content, err := json.Marshal(logRotationOf(s, id))
			s.Expect(err).NotTo(HaveOccurred())
			out = append(out, external{id: id, key: w.Data.GenInfo.Name, guid: w.Data.GenInfo.GUID, content: string(content) + strconv.FormatBool(logsAreRotated(s, id))})
		}
		return out
	},
	parents: func(s *site) []v1alpha1.Object { return zoneRow.parents(s) },
	depth:   2,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskLogRotation).Spec.SiteRef = v1alpha1.SiteReference{Name: in.Name, External: in.External}
	},
	guided:   true,
	numbered: "webspace",
	local:    true,
	keeps:    true,
	guises:   []guise{{name: "in capitals", here: set(func(l *v1alpha1.PleskLogRotation) { l.Spec.SiteRef.External = "ACME.example" })}},
	plant: func(s *site, id string) []string {
		setLogRotation(s, id, func(r *hosting.LogRotation) { r.Email = new("stella@stranger.example") })
		return []string{"stella@stranger.example"}
	},
	rename: rename{change: set(func(l *v1alpha1.PleskLogRotation) { l.Spec.SiteRef.External = "neighbour.example" })},
}

func byteSize(text string) *v1alpha1.ByteSize {
	return &v1alpha1.ByteSize{LimitValue: v1alpha1.LimitValue{Text: text}}
}

// logSetting is one of the settings.
func logSetting(name, initial, changed, spoiled string, change, unset func(*v1alpha1.PleskLogRotationSpec), read func(hosting.LogRotation) string,
	write func(*hosting.LogRotation),
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(l *v1alpha1.PleskLogRotation) { change(&l.Spec) }),
		unset:  set(func(l *v1alpha1.PleskLogRotation) { unset(&l.Spec) }),
		read:   func(s *site, id string) string { return read(logRotationOf(s, id)) },
	}
	return f.spoiling(spoiled, func(s *site, id, _ string) { setLogRotation(s, id, write) })
}

// logRotationOf reads how a site's logs are rotated, behind the operator's back.
func logRotationOf(s *site, id string) hosting.LogRotation {
	return *do(s, logrotation.Get, xmlapi.QueryRequest{Filter: logrotation.BySite(number(s, id)).Query()}).Settings
}

// logsAreRotated reads whether a site's logs are rotated, behind the operator's back.
func logsAreRotated(s *site, id string) bool {
	return *do(s, logrotation.GetStatus, xmlapi.QueryRequest{Filter: logrotation.BySite(number(s, id)).Query()}).Enabled
}

// setLogRotation changes how a site's logs are rotated, behind the operator's back.
func setLogRotation(s *site, id string, change func(*hosting.LogRotation)) {
	r := logRotationOf(s, id)
	change(&r)
	do(s, logrotation.Set, logrotation.SetRequest{Filter: logrotation.BySite(number(s, id)), Settings: r})
}
