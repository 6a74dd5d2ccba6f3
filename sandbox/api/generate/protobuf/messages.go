package main

import (
	"reflect"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// field is a message's field as [name in JSON, type]. The name is empty where the field's own fields stand beside the
// others in JSON (an inlined struct). The grammar of types:
//
//	*T   the field is a pointer: it is written only when it is set, and its zero says something
//	!T   JSON has the field even when it is zero (no omitempty)
//	[T   a list      {T  a map of T by string      #name  a message
type field [2]string

type messages struct {
	// By group/version/Kind, the name of the message.
	Kinds map[string]string `json:"kinds"`
	// By message, the fields by number.
	Messages map[string]map[string]field `json:"messages"`
}

func newMessages() *messages {
	return &messages{Kinds: map[string]string{}, Messages: map[string]map[string]field{}}
}

func (m *messages) addKind(kind schema.GroupVersionKind, of reflect.Type) {
	m.Kinds[kind.GroupVersion().String()+"/"+kind.Kind] = m.add(of)
}

// add describes a struct and all that it holds, and returns its name.
func (m *messages) add(of reflect.Type) string {
	name := strings.TrimPrefix(of.PkgPath(), "k8s.io/") + "." + of.Name()
	if m.Messages[name] != nil {
		return name
	}
	fields := map[string]field{}
	m.Messages[name] = fields
	for index := range of.NumField() {
		m.addField(fields, of.Field(index))
	}
	return name
}

func (m *messages) addField(fields map[string]field, of reflect.StructField) {
	protobuf := strings.Split(of.Tag.Get("protobuf"), ",")
	if len(protobuf) < 2 {
		return
	}
	name, options, _ := strings.Cut(of.Tag.Get("json"), ",")
	fields[protobuf[1]] = field{name, flagOf(of.Type, options) + m.typeOf(of.Type)}
}

func flagOf(of reflect.Type, options string) string {
	switch {
	case of.Kind() == reflect.Pointer:
		return "*"
	case !strings.Contains(options, "omitempty"):
		return "!"
	}
	return ""
}

// special are the types with a form of their own in JSON.
var special = map[reflect.Type]string{
	reflect.TypeFor[meta.Time]():                                  "time",
	reflect.TypeFor[meta.MicroTime]():                             "micro-time",
	reflect.TypeFor[meta.FieldsV1]():                              "json",
	reflect.TypeFor[resource.Quantity]():                          "quantity",
	reflect.TypeFor[intstr.IntOrString]():                         "int-or-string",
	reflect.TypeFor[runtime.RawExtension]():                       "json",
	reflect.TypeFor[apiextensions.JSON]():                         "json",
	reflect.TypeFor[apiextensions.JSONSchemaPropsOrBool]():        "schema-or-bool",
	reflect.TypeFor[apiextensions.JSONSchemaPropsOrArray]():       "schema-or-array",
	reflect.TypeFor[apiextensions.JSONSchemaPropsOrStringArray](): "schema-or-strings",
}

func (m *messages) typeOf(of reflect.Type) string {
	if name, found := special[of]; found {
		return name
	}
	switch of.Kind() {
	case reflect.Pointer:
		return m.typeOf(of.Elem())
	case reflect.Slice:
		return m.sliceOf(of)
	case reflect.Map:
		return "{" + m.typeOf(of.Elem())
	case reflect.Struct:
		return "#" + m.add(of)
	case reflect.Bool:
		return "boolean"
	case reflect.Int32, reflect.Int64:
		return "int"
	case reflect.Float64:
		return "double"
	case reflect.String:
		return "string"
	}
	panic("no such field in any message yet: " + of.String())
}

// sliceOf tells bytes from lists, and a named slice, which is a message with its items in field 1, from a plain one.
func (m *messages) sliceOf(of reflect.Type) string {
	if of.Elem().Kind() == reflect.Uint8 {
		return "bytes"
	}
	if _, found := reflect.New(of).Interface().(protoMessage); found {
		return "items:" + m.typeOf(of.Elem())
	}
	return "[" + m.typeOf(of.Elem())
}
