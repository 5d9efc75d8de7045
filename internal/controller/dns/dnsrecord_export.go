// Records as an export lists them.

package dns

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
)

// exportRecords are the records of a zone as a spec lists them, and notes on those that none can list.
func exportRecords(zone string, all []zoneRecord) (specs []v1alpha1.DNSRecord, notes []string) {
	var listed []dnsRecord
	for _, r := range all {
		spec, err := r.export()
		if err == nil {
			var wanted zoneRecord
			wanted, err = wantedRecord(zone, "spec.records", spec)
			if err == nil && wanted.dnsRecord != r.dnsRecord {
				err = fmt.Errorf("it would read %s", wanted)
			}
			if err == nil {
				err = beside(listed, wanted.dnsRecord)
			}
			if err == nil {
				listed = append(listed, wanted.dnsRecord)
			}
		}
		if err != nil {
			notes = append(notes, fmt.Sprintf("the record %s is left out: %v", form.Shortened(r.String()), err))
			continue
		}
		specs = append(specs, spec)
	}
	return specs, notes
}

// beside is an error for a record that cannot stand in a list with others.
func beside(listed []dnsRecord, r dnsRecord) error {
	for _, other := range listed {
		switch {
		case other == r:
			return fmt.Errorf("it is there twice")
		case r.excludes(other):
			return fmt.Errorf("no spec lists it beside %s", other)
		}
	}
	return nil
}

// export is a record as a spec has it.
func (r zoneRecord) export() (v1alpha1.DNSRecord, error) {
	s := v1alpha1.DNSRecord{Name: r.Name, Type: v1alpha1.DNSRecordType(r.Type), Value: r.Value}
	if !slices.Contains(listable, r.Type) {
		return s, fmt.Errorf("no spec lists records of type %s", r.Type)
	}
	opt := form.BlankFields(r.Opt)
	switch {
	case r.Type == recordMX && len(opt) == 1:
		n, err := numbers(opt)
		if err != nil {
			return s, err
		}
		s.Priority = &n[0]
	case r.Type == recordSRV && len(opt) == 3:
		n, err := numbers(opt)
		if err != nil {
			return s, err
		}
		s.SRV = &v1alpha1.SRVData{Priority: n[0], Weight: n[1], Port: n[2]}
	case r.Type == recordPTR && len(opt) == 1:
		n, err := numbers(opt)
		if err != nil {
			return s, err
		}
		s.PTR = &v1alpha1.PTRData{PrefixLength: n[0]}
	case r.Type == recordCAA && len(opt) == 2:
		n, err := numbers(opt[:1])
		if err != nil {
			return s, err
		}
		s.CAA = &v1alpha1.CAAData{Flags: n[0], Tag: opt[1]}
	case r.Type == recordMX, r.Type == recordSRV, r.Type == recordPTR, r.Type == recordCAA:
		return s, fmt.Errorf("what stands beside its value, %q, is not of its type", r.Opt)
	}
	return s, nil
}

func numbers(texts []string) ([]int32, error) {
	out := make([]int32, len(texts))
	for i, t := range texts {
		n, err := strconv.ParseInt(t, 10, 32)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q is not a number", t)
		}
		out[i] = int32(n)
	}
	return out, nil
}
