// The row of PleskCustomButton.

package conformance

import (
	"encoding/json"
	"strconv"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/panel"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ui"
)

// customButtonRow has no mark: nothing in a button can hold one that people do not see. Its object leaves the help text open: that is what is planted.
var customButtonRow = row{
	kind:    "PleskCustomButton",
	is:      kind(family.CustomButton{}),
	can:     []capability{exporter, maker, lister, normalizer, privileged, serverScoped, named, blamer},
	prepare: func(s *site) { addButton(s, "neighbour", 5) },
	object: func(s *site) v1alpha1.Object {
		b := &v1alpha1.PleskCustomButton{Spec: v1alpha1.PleskCustomButtonSpec{
			CommonSpec: s.common(), Place: v1alpha1.CustomButtonNavigation, Text: "Help desk", URL: "https://help.example.com/", SortKey: new(int32(5)),
		}}
		b.Name = s.name + "-desk"
		return b
	},
	fixed:  true,
	fields: []field{atRest},
	list: func(s *site) []external {
		var out []external
		for _, b := range findAll(s, ui.GetCustomButton, ui.GetCustomButtonRequest{Filter: ui.CustomButtonFilter{Owners: []ui.Owner{{Admin: &xmlapi.Empty{}}}}}) {
			content, err := json.Marshal(b.CustomButton)
			s.Expect(err).NotTo(HaveOccurred())
			out = append(out, external{
				id: strconv.FormatInt(b.ID, 10), key: "administrator, Navigation: " + b.Properties.Text + " (" + b.Properties.URL + ")", content: string(content),
			})
		}
		return out
	},
	numbered: "ui",
	guises:   []guise{{name: "between blanks", here: set(func(b *v1alpha1.PleskCustomButton) { b.Spec.Text = " Help  desk " })}},
	plant:    func(*site, string) []string { return []string{"a stranger's help"} },
	rename:   rename{change: set(func(b *v1alpha1.PleskCustomButton) { b.Spec.Text = "Desk" })},
	add: func(s *site, differing bool, _ string) {
		at := 5
		if differing {
			at = 7
		}
		addButton(s, "Help desk", at)
	},
	adds: ui.CreateCustomButton.Name(),
	remove: func(s *site, id string) {
		do(s, ui.DeleteCustomButton, ui.DeleteCustomButtonRequest{Filter: ui.CustomButtonFilter{IDs: []int64{number(s, id)}}})
	},
}

// addButton makes a button of the administrator's behind the operator's back.
func addButton(s *site, text string, at int) {
	do(s, ui.CreateCustomButton, ui.CreateCustomButtonRequest{Owner: ui.Owner{Admin: &xmlapi.Empty{}}, Properties: ui.CustomButtonProperties{
		SortKey: &at, Help: new("a stranger's help"), Place: ui.PlaceNavigation, URL: "https://help.example.com/", Text: text,
	}})
}
