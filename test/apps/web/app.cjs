require("reflect-metadata");
const { Annotation, StateGraph } = require("@langchain/langgraph");
const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
const { Module } = require("@nestjs/common");
const { NestFactory } = require("@nestjs/core");
const express = require("express");
const fastify = require("fastify");
const { serve } = require("./serve.cjs");

serve({ express, fastify, NestFactory, Module, StateGraph, Annotation, Client })
  .then(() => import("./shared/work.mjs"))
  .then(({ seen }) => seen())
  .then(() => process.exit(0));
